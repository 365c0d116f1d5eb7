using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

public class TrafficSourceTests
{
    /// <summary>Jobs of whole periods are as many as without modulation, however rare they are.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 0.5)]
    [InlineData(0.99, 50)]
    public void Modulation_KeepsTheMeanRate(double amplitude, double rate)
    {
        double[] times = Times(amplitude, rate, seconds: 40_000);
        ((double)times.Length).ShouldBe(rate * 40_000, 4 * Math.Sqrt(rate * 40_000));
        // Within a period, the share of its first half: 1/2 + A/π.
        ((double)times.Count(time => time % 20 < 10) / times.Length).ShouldBe(0.5 + amplitude / Math.PI, 2 / Math.Sqrt(times.Length));
    }

    [Fact]
    public void Modulation_MovesArrivalsAndNothingElse() =>
        Times(0.9, 3, 600).Zip(Times(0, 3, 600)).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 20 * 0.9 * 2 / Math.Tau);

    /// <summary>The load is that of the mean, which draws below 0 must not raise.</summary>
    [Theory]
    [InlineData(ServiceLaw.Normal, 0)]
    [InlineData(ServiceLaw.Normal, 0.1)]
    [InlineData(ServiceLaw.Normal, 1)]
    [InlineData(ServiceLaw.Normal, 3)]
    [InlineData(ServiceLaw.Lognormal, 1)]
    [InlineData(ServiceLaw.Exponential, 1)]
    [InlineData(ServiceLaw.Uniform, 1)]
    [InlineData(ServiceLaw.Constant, 1)]
    public void ServiceTime_OfAnyLaw_HasItsMean(ServiceLaw law, double variation)
    {
        ServiceTime time = new(law, 2, variation);
        RandomStream random = new(1, "service");
        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => time.Draw(random))];
        draws.Min().ShouldBeGreaterThanOrEqualTo(0);
        draws.Average().ShouldBe(2, 0.01 * Math.Max(1, variation) * 2);
    }

    private static double[] Times(double amplitude, double rate, int seconds)
    {
        TrafficSource source = new(
            new TrafficOptions
            {
                Classes = [new("job", 1, 1, new(ServiceLaw.Constant, 1), default)], Rate = rate, Duration = seconds * Ticks.PerSecond,
                ModulationAmplitude = amplitude,
            },
            2, 1, 0);
        List<double> times = [];
        for (Job job = default; source.TryNext(ref job);)
        {
            times.Add(Ticks.ToSeconds(job.Created));
        }
        return [.. times];
    }
}

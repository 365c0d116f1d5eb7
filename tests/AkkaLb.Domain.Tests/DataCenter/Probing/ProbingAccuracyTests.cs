using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Probing;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Domain.Tests.DataCenter.Probing;

public class ProbingAccuracyTests
{
    [Fact]
    public void Spearman_KnownRanks_IsTheTextbooks()
    {
        RankCorrelation.Spearman([1, 2, 3, 4], [10, 20, 40, 30]).ShouldBe(0.8, 1e-12);
        RankCorrelation.Spearman([1, 2, 3], [3, 2, 1]).ShouldBe(-1, 1e-12);
        // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
        RankCorrelation.Spearman([5, 7, 7, 9], [1, 2, 3, 4]).ShouldBe(4.5 / Math.Sqrt(4.5 * 5), 1e-12);
        RankCorrelation.Spearman([1, 1], [1, 2]).ShouldBe(0);
    }

    [Fact]
    public void Of_RepliesAndSamples_ComparesTheLastReplyWithTheTruth()
    {
        // One load balancer, one server: nothing known at 0; 2 jobs known, 3 true at 10; 4 known, 4 true at 20.
        SimulationResult result = new([], 0, 0, 0, [Sample(0, 1, 1), Sample(10, 3, 1), Sample(20, 4, 0.5f)])
        {
            Replies = [Reply(5, 2, 0.5), Reply(12, 9, 0), Reply(20, 4, 0.5)],
        };
        ProbingAccuracy accuracy = ProbingAccuracy.Of(result, 1, 1)!;
        accuracy.JobsError.ShouldBe(Math.Sqrt(1 / 2.0), 1e-12);
        accuracy.ProcessorError.ShouldBe(50 / Math.Sqrt(2), 1e-12);
        accuracy.JobsCorrelation.ShouldBe(1, 1e-12);
        ProbingAccuracy.Of(result with { Replies = [] }, 1, 1).ShouldBeNull();
    }

    [Fact]
    public void Of_ProbesMoreOften_KnowsMore()
    {
        ProbingAccuracy Probe(double period)
        {
            DataCenterModel model = Models.Table3() with
            {
                Probing = new ProbeOptions { Period = Ticks.FromSeconds(period) }, SampleInterval = Ticks.PerSecond / 10,
            };
            SimulationResult result = new DataCenterSimulation(model, new SimulationOptions("awcmp", 1) { RecordReplies = true }).Run();
            return ProbingAccuracy.Of(result, 2, 7)!;
        }
        ProbingAccuracy often = Probe(0.05), seldom = Probe(1);
        often.JobsError.ShouldBeLessThan(0.7 * seldom.JobsError);
        often.ProcessorError.ShouldBeLessThan(0.7 * seldom.ProcessorError);
        often.JobsCorrelation.ShouldBeGreaterThan(seldom.JobsCorrelation + 0.05);
    }

    [Fact]
    public void Monitors_APolicyThatDoesNotProbe_ProbesAndChoosesAsBefore()
    {
        DataCenterModel monitored = Models.Table3() with { Probing = new ProbeOptions { Monitors = true } };
        SimulationResult with = monitored.Run("lsq"), without = Models.Table3().Run("lsq");
        with.Jobs.ShouldBe(without.Jobs);
        without.Probes.ShouldBe(0);
        // Two load balancers, seven servers, every quarter of 60 s, the first at 0 and the last at 60 s.
        with.Probes.ShouldBe(2 * 7 * 241);
    }

    private static LoadSample Sample(long time, int busy, float use) => new(time, [busy], [0], [busy], [use]);

    private static ProbeRecord Reply(long time, int busy, double use) => new(time, 0, 0, new ProbeReply(busy, busy, 0, use));
}

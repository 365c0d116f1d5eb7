using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Fairness;

namespace AkkaLb.Learning.DataCenter.Rewards;

/// <summary>How a fairness F becomes a reward.</summary>
public enum RewardForm
{
    /// <summary>F.</summary>
    Plain,

    /// <summary>F − ln(ε − F): "VBF + log". The measure must be at most 0.</summary>
    WithLogarithm,

    /// <summary>−ln(ε − F), as the published code's <c>var_log</c>.</summary>
    Logarithm,
}

/// <summary>Whose loads the fairness is of.</summary>
public enum RewardScope
{
    /// <summary>Task durations that the load balancer itself has sampled.</summary>
    Local,

    /// <summary>The true loads of all servers, which no load balancer can know: for ablations.</summary>
    Global,

    /// <summary>The load balancer's marginal contribution to the fairness of the true loads: for ablations.</summary>
    Marginal,
}

/// <summary>The reward of a control period.</summary>
public sealed record RewardOptions
{
    public FairnessMeasure Measure { get; init; } = FairnessMeasure.Variance;

    public RewardForm Form { get; init; } = RewardForm.Plain;

    public RewardScope Scope { get; init; } = RewardScope.Local;

    /// <summary>Which statistic of the sampled task durations stands for a server's load. Published: the decayed average.</summary>
    public SampleStatistic Statistic { get; init; } = SampleStatistic.DecayedAverage;

    /// <summary>ε &gt; 0, in the measure's unit.</summary>
    public double Epsilon { get; init; } = 1e-6;
}

/// <summary>Computes rewards from what was observed after a control period. Servers that are not available do not count.</summary>
internal sealed class RewardFunction(RewardOptions options, int servers)
{
    /// <summary>Logarithms are held within ±this.</summary>
    private const double Limit = 20;

    private readonly float[] _loads = new float[servers], _own = new float[servers];

    /// <summary>The reward of one load balancer.</summary>
    public float Of(LoadBalancerObservation observation) => Of([observation]);

    /// <summary>
    /// The common reward of several load balancers: of the mean loads as those see them that might use the server; the marginal scope is
    /// that of all of them.
    /// </summary>
    public float Of(ReadOnlySpan<LoadBalancerObservation> observations)
    {
        Array.Clear(_loads);
        Array.Clear(_own);
        int count = 0;
        for (int server = 0; server < observations[0].Servers; server++)
        {
            int users = 0;
            foreach (LoadBalancerObservation observation in observations)
            {
                users += observation.Available[server] ? 1 : 0;
            }
            if (users == 0)
            {
                continue;
            }

            foreach (LoadBalancerObservation observation in observations)
            {
                if (observation.Available[server])
                {
                    _loads[count] += options.Scope == RewardScope.Local
                        ? observation.Durations(server)[(int)options.Statistic] / users
                        : observation.TotalLoads[server] / users;
                    _own[count] += observation.OwnLoads[server];
                }
            }

            count++;
        }

        return count == 0 ? 0 : (float)Of(_loads.AsSpan(0, count), _own.AsSpan(0, count));
    }

    private double Of(ReadOnlySpan<float> loads, ReadOnlySpan<float> own)
    {
        double fairness = options.Scope == RewardScope.Marginal
            ? Fairness.Marginal(options.Measure, loads, own)
            : Fairness.Of(options.Measure, loads);
        if (options.Form == RewardForm.Plain)
        {
            return fairness;
        }

        double logarithm = Math.Clamp(Fairness.Logarithm(options.Measure, loads, options.Epsilon), -Limit, Limit);
        return options.Form == RewardForm.Logarithm ? logarithm : fairness + logarithm;
    }
}

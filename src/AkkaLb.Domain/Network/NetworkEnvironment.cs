using System.Collections.Immutable;

namespace AkkaLb.Domain.Network;

/// <summary>What stays fixed during an episode; immutable and shared by any number of environments.</summary>
/// <param name="Topology">The network.</param>
/// <param name="Router">Its flows and how they are routed.</param>
/// <param name="InitialWeights">One per link; the weights at the start of every episode.</param>
/// <param name="Objective">What is minimised.</param>
public sealed record NetworkScenario(
    Topology Topology, ITrafficRouter Router, IReadOnlyList<double> InitialWeights, Objective Objective = Objective.Variance)
{
    /// <summary>Equal weights to start with.</summary>
    public NetworkScenario(Topology topology, ITrafficRouter router, Objective objective = Objective.Variance)
        : this(topology, router, ChannelWeights.Uniform(topology), objective)
    {
    }

    /// <summary>The network of one moment, in which links may be down.</summary>
    public NetworkScenario(Topology topology, NetworkMoment moment, IReadOnlyList<double> initialWeights, Objective objective)
        : this(topology, moment.Router, initialWeights, objective) =>
        Up = new UpLinks(topology, moment.Missing);

    /// <summary>The links that are up: all of them, unless a moment said otherwise.</summary>
    public UpLinks Up { get; } = new UpLinks(Topology, ImmutableHashSet<LinkId>.Empty);

    /// <summary>Flows that nothing leads to their destination: there can be some where links are down.</summary>
    public int CountUnroutable() => Router.Route([.. InitialWeights], new double[Topology.LinkCount]);

    /// <summary>The objective's value, over the links that are up.</summary>
    /// <param name="loads">Load of every link in bit/s.</param>
    public double Evaluate(ReadOnlySpan<double> loads) => Up.Evaluate(Objective, loads);
}

/// <summary>The network under changing weights: every step routes all flows anew. Not safe for use by several threads at once.</summary>
public sealed class NetworkEnvironment
{
    private readonly double[] _weights, _loads, _utilisation, _upUtilisation;

    public NetworkEnvironment(NetworkScenario scenario)
    {
        Scenario = scenario;
        int links = scenario.Topology.LinkCount;
        if (scenario.InitialWeights.Count != links)
        {
            throw new ArgumentException($"expected {links} initial weights, got {scenario.InitialWeights.Count}", nameof(scenario));
        }

        _weights = new double[links];
        _loads = new double[links];
        _utilisation = new double[links];
        _upUtilisation = new double[links];
        Reset();
    }

    public NetworkScenario Scenario { get; private set; }

    /// <summary>The weights of the last step.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Load of every link in bit/s.</summary>
    public ReadOnlySpan<double> Loads => _loads;

    /// <summary>Load / capacity of every link; may exceed 1. Links that are down have 0.</summary>
    public ReadOnlySpan<double> Utilisation => _utilisation;

    /// <summary>Load / capacity of the links that are up, in link order.</summary>
    public ReadOnlySpan<double> UpUtilisation => _upUtilisation.AsSpan(0, Scenario.Up.Count);

    /// <summary>Mean utilisation of the links that are up; 0 when none is.</summary>
    public double MeanUtilisation => Scenario.Up.MeanUtilisation(_utilisation);

    /// <summary>Utilisation of the fullest link.</summary>
    public double MaxUtilisation => ObjectiveFunction.MaxUtilisation(_loads, Scenario.Topology.Capacities);

    /// <summary>The objective's value, usually Φ.</summary>
    public double Phi { get; private set; }

    /// <summary>Number of flows without a path.</summary>
    public int Unroutable { get; private set; }

    /// <summary>Goes back to the initial weights; returns Φ, which is the ECMP value if these are equal.</summary>
    public double Reset()
    {
        for (int link = 0; link < _weights.Length; link++)
        {
            _weights[link] = Scenario.InitialWeights[link];
        }

        return Route();
    }

    /// <summary>Goes to another scenario of as many links, with its initial weights; returns Φ.</summary>
    public double Reset(NetworkScenario scenario)
    {
        if (scenario.Topology.LinkCount != _weights.Length || scenario.InitialWeights.Count != _weights.Length)
        {
            throw new ArgumentException(
                $"expected a scenario of {_weights.Length} links, got {scenario.Topology.LinkCount}", nameof(scenario));
        }

        Scenario = scenario;
        return Reset();
    }

    /// <summary>Routes all flows under new weights; returns Φ.</summary>
    public double Step(ReadOnlySpan<double> weights)
    {
        if (weights.Length != _weights.Length)
        {
            throw new ArgumentException($"expected {_weights.Length} weights, got {weights.Length}", nameof(weights));
        }

        weights.CopyTo(_weights);
        return Route();
    }

    private double Route()
    {
        ReadOnlySpan<double> capacities = Scenario.Topology.Capacities;
        Unroutable = Scenario.Router.Route(_weights, _loads);
        for (int link = 0; link < _loads.Length; link++)
        {
            _utilisation[link] = _loads[link] / capacities[link];
        }

        Scenario.Up.Gather(_utilisation, _upUtilisation);
        return Phi = Scenario.Evaluate(_loads);
    }
}

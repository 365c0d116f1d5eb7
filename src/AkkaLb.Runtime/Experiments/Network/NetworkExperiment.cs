using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>A network experiment, read and checked: nothing in it can be wrong any more.</summary>
/// <param name="Name">For people and for the run folder.</param>
/// <param name="Resolved">The whole configuration, for the run folder and the actor system.</param>
/// <param name="Topology">The whole topology, whatever fails when.</param>
/// <param name="Timeline">Its traffic and failures over virtual time.</param>
/// <param name="Scenarios">What is trained on, period by period.</param>
/// <param name="GeneratorMeanLoad">What the generator's placement reached; null for flows of a file.</param>
/// <param name="Asynchronous">The asynchronous part that follows; null: none.</param>
/// <param name="DagScenario">
/// The traffic of the last period on the DAG paths with equal weights, whatever the run's routing; null where these cannot route it.
/// </param>
/// <param name="ShortestHopScenario">The traffic of the last period on all shortest-hop paths, for the classic ECMP baseline.</param>
internal sealed record NetworkExperiment(
    string Name,
    string Method,
    ulong Seed,
    Config Resolved,
    Topology Topology,
    NetworkTimeline Timeline,
    ScenarioSchedule Scenarios,
    double? GeneratorMeanLoad,
    NetworkScenario? DagScenario,
    NetworkScenario ShortestHopScenario,
    NetworkModel Model,
    AsynchronousPlay? Asynchronous,
    BaselineOptions Baselines,
    int Threads,
    TimeSpan CheckpointInterval)
{
    /// <summary>Takes the optimiser steps; null: the kernels do.</summary>
    public LearningBackend? Backend { get; init; }

    /// <summary>How an imported topology was read, and what was changed or supposed for it, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The periods in which flows have no path, a line each.</summary>
    public IEnumerable<string> Unroutable => Enumerable.Range(0, Scenarios.Periods).Select(UnroutableIn).OfType<string>();

    /// <summary>Whether event files for TensorBoard are written.</summary>
    public bool TensorBoard => Resolved.GetBoolean("akkalb.tensorboard");

    public FlowSet Flows => Timeline.Flows;

    /// <summary>The scenario that the figures of a run are about: that of its last period.</summary>
    public NetworkScenario Scenario => Scenarios.Of(Scenarios.Periods - 1);

    /// <summary>What is to be said of a period in which flows have no path, as one line; null for others.</summary>
    public string? UnroutableIn(int period)
    {
        NetworkScenario scenario = Scenarios.Of(period);
        // With all links up such flows are refused.
        int unroutable = scenario.Up.AreAll ? 0 : scenario.CountUnroutable();
        return unroutable == 0 ? null
            : $"{Name}: {unroutable} of {scenario.Router.Count} flows have no path from {Scenarios.Starts[period]} ms on"
                + (Scenarios.Periods > 1 ? $" (period {period + 1} of {Scenarios.Periods})" : "")
                + $", as {Topology.LinkCount - scenario.Up.Count} of {Topology.LinkCount} links are down: they load nothing, "
                + "so its figures are those of the other flows";
    }

    /// <summary>False when the run follows a policy that was trained before.</summary>
    public bool Trains => Asynchronous?.Policy is null;
}

/// <summary>A run without a global step.</summary>
/// <param name="PolicyFile">The weights file of the policy to follow; null: it is trained first.</param>
/// <param name="Policy">Its content.</param>
/// <param name="Experience">What its agents remember, for a method with memories.</param>
internal sealed record AsynchronousPlay(AsynchronousScenario Scenario, string? PolicyFile, PolicySnapshot? Policy,
    TeamExperience? Experience);

/// <summary>Which baselines to compute beside ECMP.</summary>
internal sealed record BaselineOptions(bool Ucmp, GeneticOptions? Genetic);

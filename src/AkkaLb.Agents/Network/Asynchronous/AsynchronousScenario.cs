using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Network.Asynchronous;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What an asynchronous run plays: traffic and failures in virtual time, and how agents behave.</summary>
/// <param name="Start">Virtual time at which it starts, in ms.</param>
/// <param name="Until">Virtual time at which it ends, in ms.</param>
/// <param name="Latency">Least and largest time that a message takes over a link, in µs; each link has its own, drawn once.</param>
public sealed record AsynchronousScenario(
    NetworkTimeline Timeline, Objective Objective, IReadOnlyList<double> InitialWeights, AsynchronousOptions Agents,
    long Start, long Until, (long Least, long Largest) Latency)
{
    /// <summary>
    /// Deliveries and routes of a slice for each agent, at least: after so many all agents and the network store where they are. That takes
    /// two writes to the disk, one after the other; a crash costs one slice.
    /// </summary>
    public int SliceLength { get; init; } = 10_000;

    /// <summary>
    /// Whether the network, once all agents rest, goes back to the weights under which the objective was lowest since the last outside
    /// change: what a collector of all loads would do.
    /// </summary>
    public bool KeepsBest { get; init; }

    /// <summary>
    /// Whether an outside change puts the initial weights in force, from which policies have learnt; those of before come back where the
    /// agents find nothing better. Needs <see cref="KeepsBest"/>.
    /// </summary>
    public bool Restarts { get; init; }

    /// <summary>The network at the start.</summary>
    public LiveNetwork CreateNetwork() =>
        new(Timeline, Objective, InitialWeights, Start, KeepsBest, Agents.Rounds, Agents.LargestRatio);

    /// <summary>Latency of every link in µs.</summary>
    public long[] Latencies(ulong seed)
    {
        var stream = new RandomStream(seed, "latency");
        return [.. Timeline.Topology.Links.Select(
            _ => Latency.Least + (long)Math.Round(stream.NextDouble() * (Latency.Largest - Latency.Least)))];
    }
}

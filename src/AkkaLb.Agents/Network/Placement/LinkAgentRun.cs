using AkkaLb.Agents.Journals;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>What a node knows of a run from its files: nothing of it is sent with messages.</summary>
/// <param name="InitialWeights">By link, at the start of every episode.</param>
/// <param name="Journal">Where agents store; null: nowhere.</param>
public sealed record LinkAgentRun(NetworkModel Model, double[] InitialWeights, ulong Seed, AgentJournal? Journal);

/// <summary>The runs that nodes of a cluster can host agents of.</summary>
public interface ILinkAgentRuns
{
    /// <exception cref="Plays.CannotHostException">
    /// The run is not known here, or its files cannot be kept; it fails after some times.
    /// </exception>
    /// <exception cref="Exception">It cannot be read now; asked for again later.</exception>
    Task<LinkAgentRun> LoadAsync(string run);
}

using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>Watches a run. Calls come one at a time, in order, from threads of the run; they must be quick.</summary>
public interface IRunObserver
{
    /// <summary>Called once the run's folder holds what the run is to do, or is found to.</summary>
    void FolderReady(string runFolder)
    {
    }

    /// <summary>Called once, before the first episode.</summary>
    void Started(RunPlan plan);

    /// <summary>Called when the baselines' Φ change: first ECMP and UCMP, then genetic search as it improves.</summary>
    void BaselinesFound(RunBaselines baselines);

    /// <summary>Called after every episode.</summary>
    void EpisodeFinished(EpisodeReport episode);

    /// <summary>In a grid, called before each run that is to be done, and once when no more will be.</summary>
    void GridAdvanced(GridProgress progress)
    {
    }

    /// <summary>Called for something the user should know while the run goes on, as one line of text.</summary>
    void Notice(string line);
}

/// <summary>What is about to run.</summary>
/// <param name="Agents">Link agents: directed links of the topology.</param>
/// <param name="FirstEpisode">0, or the number of episodes that a resumed run already has.</param>
public sealed record RunPlan(
    string Name, string Family, string Method, ulong Seed, RunPath Path, string RunFolder,
    int Agents, int Nodes, int Flows, double MeanUtilisation, int Episodes, int Horizons, int MessageIterations, int FirstEpisode)
{
    /// <summary>As configured in <c>network.objective</c>; where it is another than the variance, its values stand for Φ.</summary>
    public string Objective { get; init; } = "variance";

    /// <summary>Whether its episodes are of networks that differ, so that the best says nothing beside others or the baselines.</summary>
    public bool Varies { get; init; }
}

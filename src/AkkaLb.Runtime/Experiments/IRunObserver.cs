using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>Watches a run. Calls come one at a time, in order, from threads of the run; they must be quick.</summary>
public interface IRunObserver
{
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
    int Agents, int Nodes, int Flows, double MeanUtilisation, int Episodes, int Horizons, int MessageIterations, int FirstEpisode);

/// <summary>One finished episode, as a row of <c>episodes.csv</c>.</summary>
/// <param name="Episode">Number, from 0.</param>
/// <param name="Phi">Φ after the last horizon.</param>
/// <param name="PhiStart">Φ before the first horizon: all weights as initialised.</param>
/// <param name="PhiLowest">Lowest Φ at any horizon of the episode.</param>
/// <param name="MaxUtilisation">Utilisation of the fullest link after the last horizon.</param>
/// <param name="ExchangesSent">Hidden-state messages sent.</param>
/// <param name="ExchangesPossible">Messages if every iteration of every horizon is exchanged.</param>
/// <param name="PolicyVersion">Version of the policy that all agents followed.</param>
/// <param name="RequestsSent">Messages by which agents asked for hidden states.</param>
/// <param name="TeamExchanges">Exchanges that any agent took part in, of horizons · K.</param>
/// <param name="RecallExchanges">The same in training's passes through the episode, of epochs · horizons · K.</param>
public sealed record EpisodeReport(
    int Episode, double Phi, double PhiStart, double PhiLowest, double MaxUtilisation,
    long ExchangesSent, long ExchangesPossible, int PolicyVersion,
    long RequestsSent = 0, long TeamExchanges = 0, long RecallExchanges = 0);

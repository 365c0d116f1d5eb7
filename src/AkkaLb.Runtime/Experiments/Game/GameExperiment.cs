using AkkaLb.Agents.Game.Games;
using AkkaLb.Domain.Game;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>A game experiment, read and checked.</summary>
/// <param name="Schedule">The word of the configuration that says who moves when.</param>
/// <param name="Resolved">The whole configuration, for the run folder and the actor system.</param>
internal sealed record GameExperiment(string Name, string Method, ulong Seed, string Schedule, Config Resolved, GamePlay Play)
{
    public string Label => Schedule.Length == 0 ? Method : $"{Method}-{Schedule}";
}

/// <summary>What is played.</summary>
internal abstract record GamePlay;

/// <param name="ByMove">Whether rounds.csv has a row per move.</param>
internal sealed record StaticPlay(GameInstance<double> Instance, StaticGameOptions Options, bool ByMove) : GamePlay;

internal sealed record DynamicPlay(GameInstance<double> Instance, DynamicGameOptions Options) : GamePlay;

internal sealed record ScalingPlay(
    IReadOnlyList<int> Players, IReadOnlyList<int> Servers, int Repetitions, InstanceRanges Ranges) : GamePlay;

using AkkaLb.Agents.Game;
using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Domain.Game;

namespace AkkaLb.Runtime.Experiments.Game;

internal static class DynamicMetrics
{
    /// <summary>Loads that count as none, relative to the largest initial one.</summary>
    private const double Idle = 1e-9;

    public static GameMetrics Of(GameExperiment experiment, DynamicPlay play, GameOutcome outcome, IReadOnlyList<GameRound> steps)
    {
        GameInstance<double> instance = play.Instance;
        double idle = Idle * Math.Max(1, instance.Loads.Max());
        bool IsIdle(GameRound step) => step.Loads.All(load => load <= idle);
        IterationBounds? bounds = play.Options.Arrivals == Arrivals.One
            ? IterationBounds.ForSequential(instance)
            : IterationBounds.ForEquilibriumPlay(instance);
        // The bounds are proven for constant service and for players that see each other's work.
        bool bounded = play.Options is { Service: ServiceLaw.Constant, Arrivals: not Arrivals.AllAtOnce };
        bool random = play.Options.Service != ServiceLaw.Constant;
        GameRound[] half = [.. steps.Skip(1 + (steps.Count - 1) / 2)];
        return Common(experiment, instance, outcome) with
        {
            Steps = steps.FirstOrDefault(IsIdle)?.Round ?? outcome.Rounds,
            UpperBound = bounded ? bounds?.Upper : null,
            LowerBound = bounded ? bounds?.Lower : null,
            MeanWait = half.Length == 0 ? null : half.Average(s => s.MeanWait),
            MeanLoad = random && half.Length > 0 ? half.Average(s => s.Loads.Sum()) : null,
            IdleShare = random && half.Length > 0 ? half.Average(s => IsIdle(s) ? 1.0 : 0) : null,
        };
    }

    public static GameMetrics Common(GameExperiment experiment, GameInstance<double> instance, GameOutcome outcome) => new()
    {
        Players = instance.Players,
        Servers = instance.Servers,
        Schedule = experiment.Schedule,
        Converged = outcome.Converged,
        Moves = outcome.Moves,
        Messages = new GameMessages(outcome.Sent.Observations, outcome.Sent.Placements, outcome.Sent.Control, outcome.Sent.Total),
    };
}

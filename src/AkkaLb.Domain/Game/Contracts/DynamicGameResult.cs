using System.Text.Json.Serialization;

namespace AkkaLb.Domain.Game;

/// <summary>Bounds on the steps as they are printed; all null if there are none, because the jobs are too long for the servers.</summary>
public sealed record PrintedBounds(long? TwoPhase, long? Level, long? Appendix, long? Lower)
{
    internal static PrintedBounds Of(IterationBounds? bounds) =>
        new(bounds?.TwoPhase, bounds?.Level, bounds?.Appendix, bounds?.Lower);
}

/// <summary>What <c>akkalb game dynamic</c> prints.</summary>
/// <param name="Converged">Whether all servers became empty.</param>
/// <param name="Steps">T, the least t with s(t) = 0; the steps made if it did not converge.</param>
/// <param name="FinalLoads">s after the last step.</param>
/// <param name="Bounds">On T, for the kind of play asked for.</param>
/// <param name="Infeasible">
/// Null, or why the servers may never become empty. Such a game is run only if a maximum of steps was given.
/// </param>
/// <param name="CycleLength">Period, if a simultaneous reading that may cycle did.</param>
/// <param name="States">s(0), s(1), …, if a trace was asked for.</param>
public sealed record DynamicGameResult(
    bool Converged,
    long Steps,
    double[] FinalLoads,
    PrintedBounds Bounds,
    string? Infeasible,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CycleLength,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double[]>? States)
{
    /// <summary>Steps after which a run without a limit of its own ends; fewer for the readings that work on whole profiles.</summary>
    public const long DefaultMaximumSteps = 10_000_000, DefaultMaximumProfileSteps = 10_000;

    /// <summary>Numbers that a trace may hold.</summary>
    public const long LargestTrace = 20_000_000;

    /// <exception cref="InvalidInputException">The trace is too long.</exception>
    public static DynamicGameResult Of(DynamicGameRequest request, bool trace = false)
    {
        GameInstance<double> instance = request.Instance;
        List<double[]>? states = trace ? [] : null;
        Action<double[]>? onState = states is null ? null : state => AddState(states, state);
        string? infeasible = Infeasibility(request);
        long maximum = request.MaximumSteps ?? (infeasible is null ? DefaultMaximumSteps : 0);
        if (request.Simultaneous is { } reading && reading != SimultaneousReading.EquilibriumPlay)
        {
            SimultaneousRun<double> cycling = new SimultaneousGame<double>(instance, reading)
                .Run(Math.Min(maximum, request.MaximumSteps ?? DefaultMaximumProfileSteps), onState);
            // The bounds are proven for equilibrium play alone.
            return new DynamicGameResult(
                cycling.Converged, cycling.Steps, cycling.FinalLoads, PrintedBounds.Of(null), infeasible, cycling.CycleLength, states);
        }

        DynamicRun<double> run;
        IterationBounds? bounds;
        if (request.Simultaneous is null)
        {
            run = DynamicGame.RunSequential(instance, PicksOf(request), maximum, onState);
            bounds = IterationBounds.ForSequential(instance);
        }
        else
        {
            run = DynamicGame.RunEquilibriumPlay(instance, maximum, onState);
            bounds = IterationBounds.ForEquilibriumPlay(instance);
        }

        return new DynamicGameResult(
            run.Converged, run.Steps, run.FinalLoads, PrintedBounds.Of(bounds), infeasible, CycleLength: null, states);
    }

    public string ToJson() => GameJson.Write(this);

    private static IEnumerable<int> PicksOf(DynamicGameRequest request) => request.Picks switch
    {
        PickRule.Given => request.GivenPicks!,
        PickRule.Random => Game.Picks.Random(request.Instance.Players, new SplitMix64(request.Seed)),
        _ => Game.Picks.RoundRobin(request.Instance.Players),
    };

    private static string? Infeasibility(DynamicGameRequest request)
    {
        GameInstance<double> instance = request.Instance;
        if (request.Simultaneous is not null)
        {
            return instance.TotalLength < instance.TotalRate
                ? null
                : $"lengths sum to {instance.TotalLength}, not below the sum of rates {instance.TotalRate}: "
                    + "with everybody's job at each step the servers never become empty";
        }

        return instance.LongestLength < instance.TotalRate
            ? null
            : $"the longest of lengths is {instance.LongestLength}, not below the sum of rates {instance.TotalRate}: "
                + "the servers may never become empty";
    }

    private static void AddState(List<double[]> states, double[] state)
    {
        if ((states.Count + 1L) * state.Length > LargestTrace)
        {
            throw new InvalidInputException(
                $"maxSteps: the trace exceeds {LargestTrace} numbers, expected fewer than {states.Count} steps");
        }

        states.Add(state);
    }
}

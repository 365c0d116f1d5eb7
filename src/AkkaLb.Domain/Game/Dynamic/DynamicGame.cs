using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>How a run of the dynamic game ended.</summary>
/// <param name="Converged">Whether all servers became empty: the servers are balanced, and stay so.</param>
/// <param name="Steps">T, the least t with s(t) = 0; the number of steps made if it did not converge.</param>
/// <param name="FinalLoads">s after the last step.</param>
public sealed record DynamicRun<T>(bool Converged, long Steps, T[] FinalLoads);

/// <summary>
/// The dynamic game (section 5 of the paper): at each step a job arrives, is dispatched by best response to the loads of that moment, and
/// every server works off up to its rate: s(t+1) = max(0, s(t) + l(t) − μ).
/// </summary>
public static class DynamicGame
{
    /// <summary>The state update (4), in place.</summary>
    public static void Advance<T>(Span<T> loads, ReadOnlySpan<T> rates, ReadOnlySpan<T> placed) where T : INumber<T>
    {
        for (int j = 0; j < loads.Length; j++)
        {
            loads[j] = T.Max(loads[j] + placed[j] - rates[j], T.Zero);
        }
    }

    /// <summary>Sequential play: one player's job at each step.</summary>
    /// <param name="instance">The game.</param>
    /// <param name="picks">Whose job arrives at each step; the run ends with the sequence.</param>
    /// <param name="maximumSteps">The run ends after so many steps.</param>
    /// <param name="onState">Called with s(0), s(1), …, s(Steps), if given.</param>
    public static DynamicRun<T> RunSequential<T>(
        GameInstance<T> instance, IEnumerable<int> picks, long maximumSteps = long.MaxValue, Action<T[]>? onState = null)
        where T : INumber<T> =>
        Run(instance, picks.Select(player => instance.Lengths[player]), maximumSteps, onState);

    /// <summary>
    /// Everybody's jobs at each step, placed as an equilibrium: the servers' loads evolve exactly as for one player whose job has the
    /// total length.
    /// </summary>
    public static DynamicRun<T> RunEquilibriumPlay<T>(
        GameInstance<T> instance, long maximumSteps = long.MaxValue, Action<T[]>? onState = null) where T : INumber<T> =>
        Run(instance, Forever(instance.TotalLength), maximumSteps, onState);

    /// <summary>
    /// The long-run average cost per arrival of each player after convergence, D_i = λ_i/(2M). No policy of the player has a smaller
    /// one (Remark 13).
    /// </summary>
    public static T[] LongRunAverageCosts<T>(GameInstance<T> instance) where T : INumber<T> =>
        [.. instance.Lengths.Select(length => length / (T.CreateChecked(2) * instance.TotalRate))];

    private static DynamicRun<T> Run<T>(
        GameInstance<T> instance, IEnumerable<T> lengths, long maximumSteps, Action<T[]>? onState) where T : INumber<T>
    {
        var dynamics = new CompressedDynamics<T>(instance);
        using IEnumerator<T> jobs = lengths.GetEnumerator();
        onState?.Invoke(Loads());
        while (!dynamics.IsIdle && dynamics.Time < maximumSteps && jobs.MoveNext())
        {
            dynamics.Step(jobs.Current);
            onState?.Invoke(Loads());
        }

        return new DynamicRun<T>(dynamics.IsIdle, dynamics.Time, Loads());

        T[] Loads()
        {
            var loads = new T[instance.Servers];
            dynamics.CopyLoads(loads);
            return loads;
        }
    }

    private static IEnumerable<T> Forever<T>(T value)
    {
        while (true)
        {
            yield return value;
        }
    }
}

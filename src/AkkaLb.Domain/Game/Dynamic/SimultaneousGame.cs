using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>What every player best-responds to when all move at each step (specification, section 3).</summary>
public enum SimultaneousReading
{
    /// <summary>
    /// The state and the others' actions of this step, one player after the other: the joint action is an equilibrium. The only reading
    /// under which the servers always become empty, and the default.
    /// </summary>
    EquilibriumPlay,

    /// <summary>The state and the others' actions of the previous step. May cycle although the servers could do the work.</summary>
    PreviousActions,

    /// <summary>The state alone, as if nobody else played. May cycle too.</summary>
    StateOnly,
}

/// <summary>How a simultaneous run ended.</summary>
/// <param name="Converged">Whether all servers became empty.</param>
/// <param name="Steps">Steps made.</param>
/// <param name="CycleLength">Period, if state and actions repeated; the run ends then.</param>
/// <param name="FinalLoads">s after the last step.</param>
public sealed record SimultaneousRun<T>(bool Converged, long Steps, long? CycleLength, T[] FinalLoads);

/// <summary>
/// The dynamic game with a job for everybody at each step, under any reading, action by action. For the loads alone under equilibrium play
/// <see cref="DynamicGame.RunEquilibriumPlay"/> is far faster.
/// </summary>
public sealed class SimultaneousGame<T> where T : INumber<T>
{
    private readonly GameInstance<T> _instance;
    private readonly T[] _loads, _seen;

    /// <param name="instance">The game.</param>
    /// <param name="reading">What players respond to.</param>
    /// <param name="previousActions">Actions of the step before the first; uniform if null.</param>
    public SimultaneousGame(GameInstance<T> instance, SimultaneousReading reading, Profile<T>? previousActions = null)
    {
        _instance = instance;
        Reading = reading;
        Actions = previousActions?.Clone() ?? Profile<T>.Uniform(instance);
        _loads = [.. instance.Loads];
        _seen = new T[instance.Servers];
    }

    public SimultaneousReading Reading { get; }

    /// <summary>s(t).</summary>
    public ReadOnlySpan<T> Loads => _loads;

    /// <summary>The actions of the last step, in units of work.</summary>
    public Profile<T> Actions { get; private set; }

    public bool IsIdle
    {
        get
        {
            foreach (T load in _loads)
            {
                if (load > T.Zero)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public void Step()
    {
        switch (Reading)
        {
            case SimultaneousReading.EquilibriumPlay:
                var now = new GameInstance<T>(_instance.Rates.AsSpan(), _loads, _instance.Lengths.AsSpan());
                new BestResponseDynamics<T>(now, Actions).Pass();
                break;
            case SimultaneousReading.PreviousActions:
                Actions = Respond(Actions.Totals(), Actions);
                break;
            default:
                Actions = Respond(new T[_instance.Servers], null);
                break;
        }

        DynamicGame.Advance<T>(_loads, _instance.Rates.AsSpan(), Actions.Totals());
        T idle = Exactness<T>.Rounding * T.Max(GameCosts.Sum<T>(_instance.Loads.AsSpan()), _instance.TotalLength);
        foreach (ref T load in _loads.AsSpan())
        {
            load = load > idle ? load : T.Zero;
        }
    }

    /// <summary>Steps until the servers are empty, state and actions repeat, or the maximum is reached.</summary>
    public SimultaneousRun<T> Run(long maximumSteps, Action<T[]>? onState = null)
    {
        // Brent's cycle detection: compare with the state at the last power of two.
        (T[] savedLoads, Profile<T> savedActions, long savedAt, long nextSave) = ([.. _loads], Actions.Clone(), 0, 1);
        onState?.Invoke([.. _loads]);
        long step = 0;
        while (step < maximumSteps && !IsIdle)
        {
            Step();
            step++;
            onState?.Invoke([.. _loads]);
            if (Repeats(savedLoads, savedActions))
            {
                return new SimultaneousRun<T>(false, step, step - savedAt, [.. _loads]);
            }

            if (step == nextSave)
            {
                (savedLoads, savedActions, savedAt, nextSave) = ([.. _loads], Actions.Clone(), step, 2 * step);
            }
        }

        return new SimultaneousRun<T>(IsIdle, step, null, [.. _loads]);
    }

    private Profile<T> Respond(ReadOnlySpan<T> totals, Profile<T>? others)
    {
        var actions = new Profile<T>(_instance.Players, _instance.Servers);
        for (int i = 0; i < _instance.Players; i++)
        {
            for (int j = 0; j < _seen.Length; j++)
            {
                _seen[j] = others is null ? _loads[j] : _loads[j] + T.Max(totals[j] - others[i, j], T.Zero);
            }

            WaterFilling.Fill(_seen, _instance.Rates.AsSpan(), _instance.Lengths[i], actions[i]);
        }

        return actions;
    }

    private bool Repeats(T[] savedLoads, Profile<T> savedActions)
    {
        for (int j = 0; j < _loads.Length; j++)
        {
            if (T.Abs(_loads[j] - savedLoads[j]) > Exactness<T>.Tolerance * T.Max(_loads[j], _instance.TotalLength))
            {
                return false;
            }
        }

        for (int i = 0; i < _instance.Players; i++)
        {
            T slack = Exactness<T>.Tolerance * _instance.Lengths[i];
            for (int j = 0; j < _loads.Length; j++)
            {
                if (T.Abs(Actions[i, j] - savedActions[i, j]) > slack)
                {
                    return false;
                }
            }
        }

        return true;
    }
}

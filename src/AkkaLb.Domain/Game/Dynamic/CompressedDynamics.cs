using System.Collections.Immutable;
using System.Numerics;

namespace AkkaLb.Domain.Game;

/// <summary>
/// The servers of the dynamic game under best responses, in O(m log m) for the start and amortised O(1) a step. Exact, not an
/// approximation: served servers share one level for good and the set of them only grows, and an unserved server just drains (Lemma 10).
/// So the state is the shared level, the number of served servers in order of initial level, and the time.
/// </summary>
public sealed class CompressedDynamics<T> where T : INumber<T>
{
    private readonly ImmutableArray<T> _initialLoads;
    private readonly int[] _servers;
    private readonly T[] _levels, _rates;
    private readonly T _idle;
    private T _time = T.Zero, _servedRate = T.Zero, _before = T.Zero;
    private int _servedBefore;

    public CompressedDynamics(GameInstance<T> instance)
    {
        _initialLoads = instance.Loads;
        int servers = instance.Servers;
        _servers = new int[servers];
        _levels = new T[servers];
        for (int j = 0; j < servers; j++)
        {
            _servers[j] = j;
            _levels[j] = instance.Loads[j] / instance.Rates[j];
        }

        Array.Sort(_levels, _servers);
        _rates = new T[servers];
        for (int k = 0; k < servers; k++)
        {
            _rates[k] = instance.Rates[_servers[k]];
        }

        DispatchLevel = SharedLevel = T.Zero;
        _idle = Exactness<T>.Rounding * T.Max(_levels[^1], T.One);
    }

    /// <summary>t, the number of steps made.</summary>
    public long Time { get; private set; }

    /// <summary>Servers served so far.</summary>
    public int Served { get; private set; }

    /// <summary>Level of all served servers now.</summary>
    public T SharedLevel { get; private set; }

    /// <summary>ν of the last step, reached by the dispatch and before the service.</summary>
    public T DispatchLevel { get; private set; }

    /// <summary>
    /// Whether every server is empty. What the rounding of a step leaves over (1e-12 of the largest initial level) counts as empty.
    /// </summary>
    public bool IsIdle => SharedLevel == T.Zero && (Served == _levels.Length || Unserved(_levels.Length - 1) == T.Zero);

    /// <summary>A job arrives and is dispatched by best response; then every server works for one step.</summary>
    public void Step(T length)
    {
        (_before, _servedBefore) = (SharedLevel, Served);
        T load = length + SharedLevel * _servedRate, level = load;
        if (Served > 0)
        {
            level = load / _servedRate;
        }

        while (Served < _levels.Length)
        {
            T next = Unserved(Served);
            if (Served > 0 && next >= level)
            {
                break;
            }

            load += next * _rates[Served];
            _servedRate += _rates[Served];
            Served++;
            level = load / _servedRate;
        }

        DispatchLevel = level;
        T rest = level - T.One;
        SharedLevel = rest > _idle ? rest : T.Zero;
        Time++;
        _time += T.One;
    }

    /// <summary>s_j(t) of every server.</summary>
    public void CopyLoads(Span<T> loads)
    {
        if (Time == 0)
        {
            _initialLoads.CopyTo(loads);
            return;
        }

        for (int k = 0; k < _levels.Length; k++)
        {
            loads[_servers[k]] = _rates[k] * (k < Served ? SharedLevel : Unserved(k));
        }
    }

    /// <summary>What the last step's job placed on every server, in units of work; it took place at time t − 1.</summary>
    /// <exception cref="InvalidOperationException">No step has been made.</exception>
    public void CopyPlacement(Span<T> placed)
    {
        if (Time == 0)
        {
            throw new InvalidOperationException("no step has been made");
        }

        for (int k = 0; k < _levels.Length; k++)
        {
            T before = k < _servedBefore ? _before : T.Max(_levels[k] - (_time - T.One), T.Zero);
            placed[_servers[k]] = k < Served ? _rates[k] * (DispatchLevel - before) : T.Zero;
        }
    }

    private T Unserved(int k)
    {
        if (Time == 0)
        {
            // Nothing was subtracted yet, and so nothing rounded: the least load is one.
            return _levels[k];
        }

        T level = _levels[k] - _time;
        return level > _idle ? level : T.Zero;
    }
}

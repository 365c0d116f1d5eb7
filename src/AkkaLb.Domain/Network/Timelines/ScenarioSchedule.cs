namespace AkkaLb.Domain.Network;

/// <summary>
/// Which scenario an episode is played in. Training periods of equally many episodes follow each other in virtual time
/// (specification section 6.6); each is played with the flows and links of its start, and what was learnt is kept from period to period.
/// Or episodes take scenarios in turns, so that what is learnt fits none of them alone. Scenarios are built when they are first asked for.
/// Safe for use by several threads.
/// </summary>
public sealed class ScenarioSchedule
{
    /// <summary>By topology and number in it where episodes take turns, else by period.</summary>
    private readonly Slot[][] _scenarios;
    private readonly int _episodesPerPeriod;

    /// <summary>Episodes in a row that are played on one topology; 0: they do not take turns.</summary>
    private readonly int _block;

    /// <summary>The same scenario for all episodes.</summary>
    public ScenarioSchedule(NetworkScenario scenario)
    {
        _scenarios = [[new Slot(_ => scenario)]];
        _episodesPerPeriod = int.MaxValue;
        Starts = [0];
    }

    private ScenarioSchedule(Slot[][] inTurns, int block)
    {
        (_scenarios, _block, _episodesPerPeriod, Starts) = (inTurns, block, int.MaxValue, [0]);
    }

    /// <param name="starts">Start of every period in ms, at least one.</param>
    /// <param name="episodesPerPeriod">At least 1. Episodes beyond the last period belong to it.</param>
    public ScenarioSchedule(
        NetworkTimeline timeline, IReadOnlyList<long> starts, int episodesPerPeriod, IReadOnlyList<double> initialWeights,
        Objective objective)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodesPerPeriod, 1);
        Starts = starts;
        _episodesPerPeriod = episodesPerPeriod;
        _scenarios = [.. starts.Select(start => new[]
        {
            new Slot(_ => new NetworkScenario(timeline.Topology, timeline.At(start), initialWeights, objective)),
        })];
    }

    /// <summary>
    /// One period whose blocks of episodes take the topologies one after the other. Episodes on a topology take its scenarios one after
    /// the other. Both begin with the first again.
    /// </summary>
    /// <param name="scenarios">By topology, at least one of at least one; each is called until it has made its scenario.</param>
    /// <param name="block">Episodes of a block, at least 1.</param>
    public static ScenarioSchedule TakingTurns(IEnumerable<IEnumerable<Func<CancellationToken, NetworkScenario>>> scenarios, int block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        return new([.. scenarios.Select(of => of.Select(scenario => new Slot(scenario)).ToArray())], block);
    }

    /// <summary>When each period starts, in ms.</summary>
    public IReadOnlyList<long> Starts { get; }

    /// <summary>Whether episodes take scenarios in turns.</summary>
    public bool TakesTurns => _block > 0;

    public int Periods => _block > 0 ? 1 : _scenarios.Length;

    /// <summary>Topologies that blocks of episodes are played on in turns.</summary>
    public int Topologies => _block > 0 ? _scenarios.Length : 1;

    /// <summary>The period, from 0, of an episode, from 0.</summary>
    public int PeriodOf(long episode) => (int)Math.Min(episode / _episodesPerPeriod, Periods - 1);

    /// <summary>The scenario of an episode.</summary>
    /// <param name="cancellation">Ends the making of one that takes long; it is made from the start when it is asked for again.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public NetworkScenario At(long episode, CancellationToken cancellation = default)
    {
        if (_block == 0)
        {
            return _scenarios[PeriodOf(episode)][0].Get(cancellation);
        }

        (long block, long within) = Math.DivRem(episode, (long)_block);
        Slot[] scenarios = _scenarios[block % _scenarios.Length];
        return scenarios[(block / _scenarios.Length * _block + within) % scenarios.Length].Get(cancellation);
    }

    /// <summary>The scenario of a period; where episodes take turns, the first of them.</summary>
    public NetworkScenario Of(int period) => _scenarios[period][0].Get(default);

    /// <summary>
    /// Starts of periods: one after another, each as long as <paramref name="length"/>, unless links fail or return before its end; then
    /// the next begins at that moment (specification section 6.3).
    /// </summary>
    /// <param name="first">Start of the first period in ms.</param>
    /// <param name="count">Number of periods, at least 1.</param>
    /// <param name="length">In ms, at least 1.</param>
    public static IReadOnlyList<long> StartsOf(long first, int count, long length, TopologyChanges changes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var starts = new List<long> { first };
        while (starts.Count < count)
        {
            long next = starts[^1] + length;
            starts.Add(changes.Times.FirstOrDefault(time => time > starts[^1] && time < next, next));
        }

        return starts;
    }

    /// <summary>A scenario that is made once; unlike a Lazy it does not keep that it was cancelled.</summary>
    private sealed class Slot(Func<CancellationToken, NetworkScenario> make)
    {
        private readonly Lock _guard = new();
        private NetworkScenario? _scenario;

        public NetworkScenario Get(CancellationToken cancellation)
        {
            lock (_guard)
            {
                return _scenario ??= make(cancellation);
            }
        }
    }
}

namespace AkkaLb.Domain.Network;

/// <summary>
/// Which scenario an episode is played in. Training periods of equally many episodes follow each other in virtual time
/// (specification section 6.6); each is played with the flows and links of its start, and what was learnt is kept from period to period.
/// Or episodes take scenarios in turns, so that what is learnt fits none of them alone. Scenarios are built when they are first asked for.
/// Safe for use by several threads.
/// </summary>
public sealed class ScenarioSchedule
{
    private readonly Lazy<NetworkScenario>[] _scenarios;
    private readonly int _episodesPerPeriod;
    private readonly bool _inTurns;

    /// <summary>The same scenario for all episodes.</summary>
    public ScenarioSchedule(NetworkScenario scenario)
    {
        _scenarios = [new Lazy<NetworkScenario>(scenario)];
        _episodesPerPeriod = int.MaxValue;
        Starts = [0];
    }

    private ScenarioSchedule(Lazy<NetworkScenario>[] inTurns)
    {
        (_scenarios, _inTurns, _episodesPerPeriod, Starts) = (inTurns, true, int.MaxValue, [0]);
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
        _scenarios = [.. starts.Select(start => new Lazy<NetworkScenario>(
            () => new NetworkScenario(timeline.Topology, timeline.At(start), initialWeights, objective)))];
    }

    /// <summary>One period whose episodes take the scenarios one after the other, and begin with the first again.</summary>
    /// <param name="scenarios">At least one; each is called once at most.</param>
    public static ScenarioSchedule InTurns(IEnumerable<Func<NetworkScenario>> scenarios) =>
        new([.. scenarios.Select(scenario => new Lazy<NetworkScenario>(scenario))]);

    /// <summary>When each period starts, in ms.</summary>
    public IReadOnlyList<long> Starts { get; }

    public int Periods => _inTurns ? 1 : _scenarios.Length;

    /// <summary>The period, from 0, of an episode, from 0.</summary>
    public int PeriodOf(long episode) => (int)Math.Min(episode / _episodesPerPeriod, Periods - 1);

    /// <summary>The scenario of an episode.</summary>
    public NetworkScenario At(long episode) => _scenarios[_inTurns ? (int)(episode % _scenarios.Length) : PeriodOf(episode)].Value;

    /// <summary>The scenario of a period; where episodes take turns, the first of them.</summary>
    public NetworkScenario Of(int period) => _scenarios[period].Value;

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
}

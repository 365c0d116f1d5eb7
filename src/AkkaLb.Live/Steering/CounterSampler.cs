using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Steering;

/// <summary>What a balancer has counted of one server.</summary>
/// <param name="InFlight">Requests there now.</param>
/// <param name="Answered">Answers since its start that were no errors of the server.</param>
/// <param name="Failed">Errors of the server since its start.</param>
internal readonly record struct ServerCounters(int InFlight, long Answered, long Failed);

/// <summary>
/// Turns counters that are looked at from time to time into what passed: departures are spread evenly over the time between two looks, at
/// the mean of the occupancies found at its ends.
/// </summary>
internal sealed class CounterSampler(int servers)
{
    private readonly ServerCounters?[] _before = new ServerCounters?[servers];
    private readonly List<Passage> _passages = [];
    private long _then;

    /// <summary>Whether the last look found counters below those before: the balancer was restarted.</summary>
    public bool HasBegunAnew { get; private set; }

    /// <param name="counters">By server; null: not known now.</param>
    /// <param name="now">Ticks.</param>
    /// <returns>In order of time.</returns>
    public IReadOnlyList<Passage> Look(ReadOnlySpan<ServerCounters?> counters, long now)
    {
        _passages.Clear();
        HasBegunAnew = false;
        for (int j = 0; j < counters.Length; j++)
        {
            if (counters[j] is { } found && _before[j] is { } before)
            {
                if (found.Answered >= before.Answered && found.Failed >= before.Failed)
                {
                    Add(j, before, found, now);
                }
                else
                {
                    HasBegunAnew = true;
                }
            }
            _before[j] = counters[j];
        }
        _then = now;
        return [.. _passages.OrderBy(passage => passage.Time)];
    }

    private void Add(int server, ServerCounters before, ServerCounters found, long now)
    {
        int answered = (int)(found.Answered - before.Answered), failed = (int)(found.Failed - before.Failed), ends = answered + failed;
        // Who has answered something held at least one, even if a look found none.
        int occupancy = Math.Max((before.InFlight + found.InFlight + 1) / 2, ends > 0 ? 1 : 0);
        for (int n = 0; n < ends; n++)
        {
            long time = _then + (now - _then) * (n + 1) / (ends + 1);
            _passages.Add(new Passage(n < answered ? PassageKind.Answered : PassageKind.Failed, server, occupancy, 0, time));
        }
        _passages.Add(new Passage(PassageKind.Seen, server, occupancy, 0, now));
    }
}

using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Games;

/// <summary>What happens next in virtual time: a player observes, or, a latency later, places.</summary>
internal readonly record struct ClockEvent(double Time, int Player, bool Places);

/// <summary>Poisson clocks of rate 1, one for each player, each with its own stream of random numbers.</summary>
internal sealed class VirtualClocks
{
    private readonly PriorityQueue<ClockEvent, (double Time, long Order)> _events = new();
    private readonly RandomStream[] _streams;
    private readonly bool[] _busy;
    private readonly double _latency;
    private long _order;

    public VirtualClocks(int players, double latency, ulong seed)
    {
        _latency = latency;
        _busy = new bool[players];
        _streams = [.. Enumerable.Range(0, players).Select(i => new RandomStream(seed, $"agent/{i}"))];
        for (int i = 0; i < players; i++)
        {
            SetClock(i, 0);
        }
    }

    /// <summary>The next event at or before a time, or null if there is none.</summary>
    public ClockEvent? Next(double until)
    {
        while (_events.Peek() is var next && next.Time <= until)
        {
            _events.Dequeue();
            if (next.Places)
            {
                _busy[next.Player] = false;
                return next;
            }
            SetClock(next.Player, next.Time);
            if (!_busy[next.Player])
            {
                _busy[next.Player] = true;
                Add(new ClockEvent(next.Time + _latency, next.Player, Places: true));
                return next;
            }
        }
        return null;
    }

    private void SetClock(int player, double now) =>
        Add(new ClockEvent(now - Math.Log(1 - _streams[player].NextDouble()), player, Places: false));

    private void Add(ClockEvent clockEvent) => _events.Enqueue(clockEvent, (clockEvent.Time, _order++));
}

using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>
/// Failed requests that keep their places for a while. A server that fails at once would look idle, and so attract all that comes; this way
/// it looks slow, to the policy and to the agent.
/// </summary>
internal sealed class FailureHold
{
    // By when they are free: with another duration that is no more the order in which they came.
    private readonly PriorityQueue<Reservation, long> _held = new();

    /// <summary>Ticks; of those that are kept already it stays as it was.</summary>
    public long Duration { get; set; }

    /// <summary>Keeps the place of a request that has failed sooner than the duration, for as long as the duration from now on.</summary>
    /// <returns>False: it has lasted that long already.</returns>
    public bool Keep(in Reservation reservation, long now)
    {
        if (now - reservation.Started >= Duration)
        {
            return false;
        }
        _held.Enqueue(reservation, now + Duration);
        return true;
    }

    /// <summary>Takes out one whose time is over.</summary>
    public bool TryFree(long now, out Reservation reservation)
    {
        if (_held.TryPeek(out reservation, out long until) && until <= now)
        {
            _held.Dequeue();
            return true;
        }
        reservation = default;
        return false;
    }
}

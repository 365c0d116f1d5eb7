using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>
/// Failed requests that keep their places for a while. A server that fails at once would look idle, and so attract all that comes; this way
/// it looks slow, to the policy and to the agent.
/// </summary>
internal sealed class FailureHold(long duration)
{
    private readonly Queue<(Reservation Reservation, long Until)> _held = new();

    /// <summary>Keeps a failed request's place, from its start for the whole duration.</summary>
    /// <returns>False: it has lasted longer already.</returns>
    public bool Keep(in Reservation reservation, long now)
    {
        if (now - reservation.Started >= duration)
        {
            return false;
        }
        _held.Enqueue((reservation, now + duration));
        return true;
    }

    /// <summary>Takes out one whose time is over.</summary>
    public bool TryFree(long now, out Reservation reservation)
    {
        if (_held.TryPeek(out (Reservation Reservation, long Until) oldest) && oldest.Until <= now)
        {
            reservation = _held.Dequeue().Reservation;
            return true;
        }
        reservation = default;
        return false;
    }
}

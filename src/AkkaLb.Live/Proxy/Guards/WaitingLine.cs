namespace AkkaLb.Live.Proxy.Guards;

/// <summary>Requests that wait for a place at one server, in their order. Guarded by the cluster's lock.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<Waiter> _waiters = new();

    public int Length => _waiters.Count;

    public Waiter Join()
    {
        Waiter waiter = new();
        waiter.Place = _waiters.AddLast(waiter);
        return waiter;
    }

    /// <summary>Whoever has waited longest leaves the line.</summary>
    public bool TryLeave(out Waiter? first)
    {
        first = _waiters.First?.Value;
        return first is not null && Leave(first);
    }

    /// <returns>False when it had left before.</returns>
    public bool Leave(Waiter waiter)
    {
        if (waiter.Place is not { } place)
        {
            return false;
        }
        _waiters.Remove(place);
        waiter.Place = null;
        return true;
    }

    /// <summary>The server takes no more: all are to look for another.</summary>
    public void TurnAway()
    {
        while (TryLeave(out Waiter? waiter))
        {
            waiter!.Call(hasPlace: false);
        }
    }

    internal sealed class Waiter
    {
        private readonly TaskCompletionSource<bool> _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }

        /// <summary>True: there is a place, and it is taken already. False: the server takes no more.</summary>
        public Task<bool> Called => _called.Task;

        public void Call(bool hasPlace) => _called.TrySetResult(hasPlace);
    }
}

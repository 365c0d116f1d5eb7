namespace AkkaLb.Live.TestServers;

/// <summary>Lets so many in at once, and so many more wait in line, first come, first served.</summary>
internal sealed class SlotGate(int slots, int backlog)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = [];
    private int _busy;

    public int Busy
    {
        get { lock (_lock) { return _busy; } }
    }

    public int Waiting
    {
        get { lock (_lock) { return _waiting.Count; } }
    }

    /// <summary>Takes a slot, or waits for one.</summary>
    /// <returns>False: the line is full.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited; the place in the line is free again.</exception>
    public ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_busy < slots)
            {
                _busy++;
                return new ValueTask<bool>(true);
            }
            if (_waiting.Count >= backlog)
            {
                return new ValueTask<bool>(false);
            }
            TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<bool>(WaitAsync(_waiting.AddLast(turn), cancellation));
        }
    }

    /// <summary>Gives a slot back, to the first in the line if there is one.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            // One that has just been cancelled is still in the line, and does not want its turn.
            while (_waiting.First is { } first)
            {
                _waiting.Remove(first);
                if (first.Value.TrySetResult(true))
                {
                    return;
                }
            }
            _busy--;
        }
    }

    private async Task<bool> WaitAsync(LinkedListNode<TaskCompletionSource<bool>> place, CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(Cancel, place))
        {
            return await place.Value.Task;
        }
    }

    private void Cancel(object? state, CancellationToken cancellation)
    {
        var place = (LinkedListNode<TaskCompletionSource<bool>>)state!;
        lock (_lock)
        {
            if (place.Value.TrySetCanceled(cancellation))
            {
                place.List?.Remove(place);
            }
        }
    }
}

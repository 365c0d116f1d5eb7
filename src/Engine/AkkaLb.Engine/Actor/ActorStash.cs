using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>The stash of one cell; it outlives restarts, whose hook puts its messages back.</summary>
internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
{
    private readonly LinkedList<Envelope> _messages = new();
    private long _lastStashed = -1;

    public int Count => _messages.Count;
    public bool IsEmpty => _messages.Count == 0;
    public bool NonEmpty => _messages.Count > 0;
    public bool IsFull => capacity >= 0 && _messages.Count >= capacity;
    public int Capacity => capacity;

    public void Stash()
    {
        object message = cell.CurrentMessage ?? throw new IllegalActorStateException("There is no message to stash.");
        if (_lastStashed == cell.MessageNumber)
        {
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        }
        if (IsFull)
        {
            throw new StashOverflowException($"Couldn't enqueue message {message} from {cell.Sender} to stash of {cell.Self}: it holds {capacity} already");
        }
        _lastStashed = cell.MessageNumber;
        _messages.AddLast(new Envelope(message, cell.CurrentSender));
    }

    public void Unstash()
    {
        if (_messages.First is not { } first) { return; }
        _messages.RemoveFirst();
        cell.Prepend([first.Value]);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_messages.Count == 0) { return; }
        cell.Prepend(ClearStash().Where(predicate));
    }

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] all = [.. _messages];
        _messages.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        LinkedListNode<Envelope>? last = null;
        foreach (Envelope envelope in envelopes)
        {
            last = last is null ? _messages.AddFirst(envelope) : _messages.AddAfter(last, envelope);
        }
    }
}

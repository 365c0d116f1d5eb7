namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// What happens when in virtual time (µs). Messages of one moment come in the order in which they were set; the network is routed
/// after all of them, so weights that are set at one moment come into force together.
/// </summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<IAsynchronousMessage?, (long Time, bool IsRoute, long Order)> _events = new();
    private long _order, _lastRoute = long.MinValue;
    private int _messages;

    /// <summary>The time of the earliest event; null when nothing is left to happen.</summary>
    public long? Next => _events.TryPeek(out _, out (long Time, bool, long) at) ? at.Time : null;

    /// <summary>Whether messages are under way, or agents are to wake up.</summary>
    public bool HasMessages => _messages > 0;

    public void Set(long time, IAsynchronousMessage message)
    {
        _messages++;
        _events.Enqueue(message, (time, false, _order++));
    }

    /// <summary>Has the network routed at a time; setting it twice for the latest such time is once.</summary>
    public void SetRoute(long time)
    {
        if (time != _lastRoute)
        {
            _lastRoute = time;
            _events.Enqueue(null, (time, true, _order++));
        }
    }

    /// <summary>Takes all messages of the earliest moment; none when the network is to be routed next.</summary>
    public void TakeMessages(List<IAsynchronousMessage> messages)
    {
        messages.Clear();
        long? now = Next;
        while (_events.TryPeek(out IAsynchronousMessage? message, out (long Time, bool, long) at) && at.Time == now && message is not null)
        {
            _events.Dequeue();
            messages.Add(message);
        }

        _messages -= messages.Count;
    }

    /// <summary>Takes the route that is next, and any others of the same time.</summary>
    public void TakeRoute()
    {
        long? now = Next;
        while (_events.TryPeek(out IAsynchronousMessage? message, out (long Time, bool, long) at) && at.Time == now && message is null)
        {
            _events.Dequeue();
        }

        _lastRoute = long.MinValue;
    }

    /// <summary>Writes all that is still to happen, for <see cref="Read"/>.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_order);
        writer.Write(_lastRoute);
        writer.Write(_events.Count);
        foreach ((IAsynchronousMessage? message, (long time, bool isRoute, long order)) in _events.UnorderedItems.OrderBy(e => e.Priority))
        {
            writer.Write(time);
            writer.Write(order);
            writer.Write(isRoute);
            if (message is not null)
            {
                AsynchronousFormat.WriteMessage(writer, message);
            }
        }
    }

    public void Read(BinaryReader reader)
    {
        _order = reader.ReadInt64();
        _lastRoute = reader.ReadInt64();
        _events.Clear();
        _messages = 0;
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            (long time, long order, bool isRoute) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean());
            _messages += isRoute ? 0 : 1;
            _events.Enqueue(isRoute ? null : AsynchronousFormat.ReadMessage(reader), (time, isRoute, order));
        }
    }
}

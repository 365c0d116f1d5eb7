using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>Messages on their way, in order of arrival, and of sending where times are equal.</summary>
internal sealed class VirtualTime
{
    private readonly EventQueue _queue = new();
    private readonly Stack<int> _free = [];
    private readonly List<ITimedMessage?> _messages = [];

    public void Send(ITimedMessage message)
    {
        if (!_free.TryPop(out int place))
        {
            place = _messages.Count;
            _messages.Add(null);
        }
        _messages[place] = message;
        _queue.Push(message.Time, (uint)place);
    }

    /// <summary>Takes the message that arrives next; null when none is on its way.</summary>
    public ITimedMessage? Take()
    {
        if (!_queue.TryPop(out _, out uint place))
        {
            return null;
        }
        ITimedMessage? message = _messages[(int)place];
        _messages[(int)place] = null;
        _free.Push((int)place);
        return message;
    }
}

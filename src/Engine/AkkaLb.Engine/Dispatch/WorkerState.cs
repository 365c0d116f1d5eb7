using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>What the engine keeps for a thread, in one place because every look-up of a thread-static field costs a call.</summary>
internal sealed class WorkerState
{
    private const int MaxFree = 512;

    [ThreadStatic]
    private static WorkerState? _current;

    private MessageNode? _free;
    private int _freeCount;

    /// <summary>The cell whose turn it is.</summary>
    internal ActorCell? Cell;

    /// <summary>Actors that the present turn has made ready.</summary>
    internal int Readied;

    /// <summary>Actors in a row that this worker queued for itself.</summary>
    internal int Chain;

    internal static WorkerState Current => _current ?? Begin();

    private static WorkerState Begin() => _current = new WorkerState();

    /// <summary>A node for a message, a used one when there is one.</summary>
    internal MessageNode Rent(object message, IActorRef? sender)
    {
        MessageNode? node = _free;
        if (node is null)
        {
            node = new MessageNode();
        }
        else
        {
            _free = node.Next;
            _freeCount--;
        }
        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>Takes a node back; the caller must hold the only reference.</summary>
    internal void Return(MessageNode node)
    {
        if (_freeCount >= MaxFree) { return; }
        node.Message = null!;
        node.Sender = null;
        node.Next = _free;
        _free = node;
        _freeCount++;
    }
}

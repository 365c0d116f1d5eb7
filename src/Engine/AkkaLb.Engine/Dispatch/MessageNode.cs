using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>One queued user message. Nodes are reused through a small free list of each thread.</summary>
internal sealed class MessageNode
{
    private const int MaxFree = 512;

    [ThreadStatic]
    private static MessageNode? _free;
    [ThreadStatic]
    private static int _freeCount;

    internal object Message = null!;
    internal IActorRef? Sender;
    internal MessageNode? Next;

    internal static MessageNode Rent(object message, IActorRef? sender)
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

    /// <summary>Gives the node back; the caller must hold the only reference.</summary>
    internal static void Return(MessageNode node)
    {
        if (_freeCount >= MaxFree) { return; }
        node.Message = null!;
        node.Sender = null;
        node.Next = _free;
        _free = node;
        _freeCount++;
    }
}

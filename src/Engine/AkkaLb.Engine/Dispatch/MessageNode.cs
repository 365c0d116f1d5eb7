using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>One queued user message; <see cref="WorkerState"/> reuses nodes.</summary>
internal sealed class MessageNode
{
    internal object Message = null!;
    internal IActorRef? Sender;
    internal MessageNode? Next;
}

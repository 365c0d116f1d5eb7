using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands at a place where there is no actor: answers what can be answered and publishes the rest as dead letters.</summary>
internal class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => true;

    protected EventStream EventStream => eventStream;

    protected override void TellInternal(object message, IActorRef? sender) => provider.DeadLetterRef().Deliver(message, sender, this);

    public override void SendSystemMessage(ISystemMessage message) => DeadLetterActorRef.Answer((SystemMessage)message);
}

/// <summary>The receiver of everything that cannot be delivered.</summary>
internal sealed class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DeadLetter letter) { Deliver(letter.Message, letter.Sender, letter.Recipient); }
        else { Deliver(message, sender, this); }
    }

    /// <summary>Handles a message for a recipient that is no more.</summary>
    internal void Deliver(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                break;
            case ActorSelectionMessage { Message: Identify identify }:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                break;
            case ActorSelectionMessage { WildCardFanOut: true }:
                break;
            case ActorSelectionMessage selection:
                Deliver(selection.Message, sender, recipient);
                break;
            case AkkaLb.Engine.TimerMessage:
                break;
            case AllDeadLetters:
                // For a subscriber that has just died: to publish it again would bring it back here without end.
                break;
            case IDeadLetterSuppression suppressed:
                EventStream.Publish(new SuppressedDeadLetter(suppressed, sender ?? this, recipient));
                break;
            default:
                EventStream.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }

    /// <summary>Answers a system message to an actor that is no more: a watch fires at once, the rest has lost its meaning.</summary>
    internal static void Answer(SystemMessage message)
    {
        if (message is Watch watch && !watch.Watcher.Equals(watch.Watchee))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }
}

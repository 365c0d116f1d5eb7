using Akka.Actor;
using Akka.Event;
using Akka.TestKit;

namespace AkkaLb.Engine.TestKit;

/// <summary>The actor behind a test kit or probe: it queues what it receives for the test.</summary>
internal sealed class InternalTestActor(MessageQueue queue) : ActorBase
{
    private AutoPilot autoPilot = NoAutoPilot.Instance;
    private Func<object, bool>? ignore;

    internal sealed record SetIgnore(Func<object, bool>? Ignore);

    internal sealed record SetAutoPilot(AutoPilot AutoPilot);

    internal sealed record StartWatching(IActorRef Actor);

    internal sealed record StopWatching(IActorRef Actor);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case SetIgnore set:
                ignore = set.Ignore;
                break;
            case SetAutoPilot set:
                autoPilot = set.AutoPilot;
                break;
            case StartWatching start:
                Context.Watch(start.Actor);
                Sender.Tell(start.Actor, Self);
                break;
            case StopWatching stop:
                Context.Unwatch(stop.Actor);
                Sender.Tell(stop.Actor, Self);
                break;
            default:
                Take(message);
                break;
        }
        return true;
    }

    private void Take(object message)
    {
        IActorRef sender = Sender;
        AutoPilot next = autoPilot.Run(sender, message);
        autoPilot = next is KeepRunning ? autoPilot : next;
        if (ignore?.Invoke(message) != true)
        {
            queue.Add(new RealMessageEnvelope(message, sender));
        }
    }

    protected override void PostStop()
    {
        while (queue.Next(sync: true, TimeSpan.Zero, remove: true, CancellationToken.None).Result is { Message: { } message } unread)
        {
            Context.System.DeadLetters.Tell(new DeadLetter(message, unread.Sender, Self), unread.Sender);
        }
    }
}

using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace AkkaLb.Engine;

/// <summary>Watches a subscriber of an event stream, and takes its subscriptions away when it dies.</summary>
internal sealed class SubscriberWatch : MinimalActorRef
{
    private readonly EventStream _stream;
    private readonly IInternalActorRef _subscriber;

    internal SubscriberWatch(EventStream stream, IInternalActorRef subscriber)
    {
        _stream = stream;
        _subscriber = subscriber;
        Provider = subscriber.Provider;
        Path = Provider.TempPath();
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    internal void Begin() => _subscriber.SendSystemMessage(new Watch(_subscriber, this));

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification) { _stream.Forget(_subscriber); }
    }
}

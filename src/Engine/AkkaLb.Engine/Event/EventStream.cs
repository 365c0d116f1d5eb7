using System.Collections.Concurrent;
using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>The event bus of a system. A subscriber that has died is unsubscribed.</summary>
public class EventStream(bool debug) : LoggingBus
{
    private readonly ConcurrentDictionary<IActorRef, SubscriberWatch> _watches = new();

    /// <inheritdoc />
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (!base.Subscribe(subscriber, channel)) { return false; }
        if (debug) { Publish(new Debug(SimpleName(this), GetType(), $"subscribing {subscriber} to channel {channel}")); }
        if (subscriber is LocalActorRef actor)
        {
            SubscriberWatch watch = new(this, actor);
            if (_watches.TryAdd(subscriber, watch)) { watch.Begin(); }
        }
        return true;
    }

    internal void Forget(IActorRef dead)
    {
        Unsubscribe(dead);
        _watches.TryRemove(dead, out _);
    }

    /// <inheritdoc />
    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        bool removed = base.Unsubscribe(subscriber, channel);
        if (debug && removed) { Publish(new Debug(SimpleName(this), GetType(), $"unsubscribing {subscriber} from channel {channel}")); }
        return removed;
    }

    /// <inheritdoc />
    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        bool removed = base.Unsubscribe(subscriber);
        if (debug && removed) { Publish(new Debug(SimpleName(this), GetType(), $"unsubscribing {subscriber} from all channels")); }
        return removed;
    }
}

/// <summary>Subscribes by type parameter.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes to events of a type.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Unsubscribes from events of a type.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}

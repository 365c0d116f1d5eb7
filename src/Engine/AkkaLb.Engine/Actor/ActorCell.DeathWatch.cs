using Akka.Dispatch.SysMsg;
using AkkaLb.Engine;

namespace Akka.Actor;

internal partial class ActorCell
{
    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) => Watch(subject, message);

    private IActorRef Watch(IActorRef subject, object? message)
    {
        IInternalActorRef watchee = (IInternalActorRef)subject;
        if (watchee.Equals(_self)) { return watchee; }
        Dictionary<IActorRef, object?> watching = Extras.Watching ??= [];
        if (watching.TryGetValue(watchee, out object? known))
        {
            return Equals(known, message) ? watchee : throw new InvalidOperationException(
                $"Watch({_self}, {watchee}) termination message was not overwritten from [{known ?? "Terminated"}] to [{message ?? "Terminated"}]. If this was intended, unwatch first before using `Watch` / `WatchWith` with another message.");
        }
        watching.Add(watchee, message);
        watchee.SendSystemMessage(new Watch(watchee, _self));
        return watchee;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_extras is not { } extras || subject.Equals(_self)) { return subject; }
        if (extras.Watching?.Remove(subject) == true)
        {
            IInternalActorRef watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Unwatch(watchee, _self));
        }
        extras.TerminatedQueued?.Remove(subject);
        return subject;
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_extras?.TerminatedQueued?.Remove(terminated.ActorRef, out object? custom) == true)
        {
            ReceiveMessage(custom ?? terminated);
        }
    }

    /// <summary>A watched actor or a child has died.</summary>
    private void WatchedActorTerminated(DeathWatchNotification notification)
    {
        IActorRef actor = notification.Actor;
        if (_extras?.Watching?.Remove(actor, out object? custom) == true && !IsTerminating)
        {
            (Extras.TerminatedQueued ??= [])[actor] = custom;
            _self.Tell(new Terminated(actor, notification.ExistenceConfirmed, notification.AddressTerminated), actor);
        }
        if (_children?.Contains(actor) == true) { HandleChildTerminated(actor); }
    }

    private void AddWatcher(Watch watch)
    {
        if (watch.Watchee.Equals(_self) && !watch.Watcher.Equals(_self))
        {
            (Extras.WatchedBy ??= []).Add(watch.Watcher);
            if (_system.Settings.DebugLifecycle) { PublishDebug($"now watched by {watch.Watcher}"); }
        }
    }

    private void RemoveWatcher(Unwatch unwatch)
    {
        if (_extras?.WatchedBy?.Remove(unwatch.Watcher) == true && _system.Settings.DebugLifecycle)
        {
            PublishDebug($"no longer watched by {unwatch.Watcher}");
        }
    }

    private void TellWatchersWeDied()
    {
        if (_extras?.WatchedBy is not { } watchers) { return; }
        foreach (IInternalActorRef watcher in watchers)
        {
            // The parent is told anyway, once.
            if (!watcher.Equals(_parent)) { watcher.SendSystemMessage(new DeathWatchNotification(_self, true, false)); }
        }
        watchers.Clear();
    }

    private void UnwatchWatchedActors()
    {
        if (_extras?.Watching is not { } watching) { return; }
        foreach (IActorRef subject in watching.Keys)
        {
            IInternalActorRef watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Unwatch(watchee, _self));
        }
        watching.Clear();
        _extras.TerminatedQueued?.Clear();
    }
}

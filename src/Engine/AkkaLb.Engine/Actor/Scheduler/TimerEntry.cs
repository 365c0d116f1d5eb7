using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>Something to do at a time.</summary>
internal abstract class TimerEntry(ICancelable? cancelable)
{
    internal long Due;
    internal long Interval;

    internal bool IsCancelled => cancelable is { IsCancellationRequested: true };

    internal abstract void Fire();
}

internal sealed class TellEntry(ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) : TimerEntry(cancelable)
{
    internal override void Fire() => receiver.Tell(message, sender);

    public override string ToString() => $"{message} to {receiver}";
}

internal sealed class ActionEntry(Action action, ICancelable? cancelable) : TimerEntry(cancelable)
{
    internal override void Fire() => action();
}

using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace AkkaLb.Engine;

/// <summary>The root: ends when the system's guardian has ended, and ends both guardians when one fails.</summary>
internal sealed class RootGuardianActor : ActorBase
{
    internal static readonly Props Props = Props.Create(() => new RootGuardianActor());

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    protected override void PreStart()
    {
        // The children are attached before the first turn.
        foreach (IActorRef child in Context.GetChildren()) { Context.Watch(child); }
    }

    protected override bool Receive(object message)
    {
        if (message is Terminated { ActorRef.Path.Name: "system" }) { Context.Stop(Self); }
        return message is Terminated;
    }
}

/// <summary>The parent of the user's actors.</summary>
internal sealed class GuardianActor : ActorBase
{
    internal static readonly Props Props = Props.Create(() => new GuardianActor());

    protected override bool Receive(object message) => false;

    // A restart must not stop the user's actors.
    protected override void PreRestart(Exception reason, object? message) { }
}

/// <summary>The parent of the system's actors: ends after the user's actors, once the registered hooks are done.</summary>
internal sealed class SystemGuardianActor(IActorRef userGuardian) : ActorBase
{
    private readonly HashSet<IActorRef> _hooks = [];

    protected override void PreStart() => Context.Watch(userGuardian);

    protected override void PreRestart(Exception reason, object? message) { }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case RegisterTerminationHook:
                _hooks.Add(Context.Watch(Sender));
                return true;
            case TerminationHookDone:
                Done(Sender);
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(userGuardian):
                foreach (IActorRef hook in _hooks) { hook.Tell(TerminationHook.Instance, Self); }
                StopWhenDone();
                return true;
            case Terminated terminated:
                Done(terminated.ActorRef);
                return true;
            default:
                return false;
        }
    }

    private void Done(IActorRef hook)
    {
        if (!_hooks.Remove(hook)) { return; }
        Context.Unwatch(hook);
        if (((IInternalActorRef)userGuardian).IsTerminated) { StopWhenDone(); }
    }

    private void StopWhenDone()
    {
        if (_hooks.Count > 0) { return; }
        Context.System.EventStream.StopLoggers();
        Context.Stop(Self);
    }
}

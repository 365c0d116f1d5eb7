using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>A system message; it is its own queue link, so an instance may be sent once only.</summary>
internal abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;
}

/// <summary>Create the actor instance; <paramref name="failure"/> is set when the cell could not be prepared.</summary>
internal sealed class Create(ActorInitializationException? failure) : SystemMessage
{
    public ActorInitializationException? Failure => failure;
}

/// <summary>Replace the actor instance after <paramref name="cause"/>.</summary>
internal sealed class Recreate(Exception? cause) : SystemMessage
{
    public Exception? Cause => cause;
}

/// <summary>Stop processing user messages until <see cref="Resume"/>.</summary>
internal sealed class Suspend : SystemMessage;

/// <summary>Process user messages again; <paramref name="causedByFailure"/> is null for a plain resume.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure => causedByFailure;
}

/// <summary>Stop the actor and its children.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>A child failed and waits for its supervisor's directive.</summary>
internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child => child;
    public Exception Cause => cause;
    public long Uid => uid;
    public override string ToString() => $"<Failed>: {child} ({uid}) {cause}";
}

/// <summary>Tell <paramref name="watcher"/> when <paramref name="watchee"/> has died.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;
    public IInternalActorRef Watcher => watcher;
    public override string ToString() => $"<Watch>: {watcher} wants to watch {watchee}";
}

/// <summary>Withdraws a <see cref="Watch"/>.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;
    public IInternalActorRef Watcher => watcher;
    public override string ToString() => $"<Unwatch>: {watcher} wants to unwatch {watchee}";
}

/// <summary>A watched actor or a child has died.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    public IActorRef Actor => actor;
    public bool ExistenceConfirmed => existenceConfirmed;
    public bool AddressTerminated => addressTerminated;
    public override string ToString() => $"<DeathWatchNotification>: {actor}";
}

/// <summary>Run a continuation of an asynchronous handler in the actor's context.</summary>
internal sealed class ActorTask(Task task, ActorTaskScheduler scheduler) : SystemMessage
{
    public Task Task => task;
    public ActorTaskScheduler Scheduler => scheduler;
}

/// <summary>An asynchronous handler has finished, with <paramref name="failure"/> when it threw.</summary>
internal sealed class ActorTaskCompleted(ActorTaskScheduler scheduler, Exception? failure) : SystemMessage
{
    public ActorTaskScheduler Scheduler => scheduler;
    public Exception? Failure => failure;
}

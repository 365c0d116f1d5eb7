using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AkkaLb.Engine;

/// <summary>The parts of a cell that most actors never use.</summary>
internal sealed class CellExtras
{
    /// <summary>Actors watched, with the message to get in place of <see cref="Terminated"/>.</summary>
    internal Dictionary<IActorRef, object?>? Watching;

    /// <summary>Actors that watch this one.</summary>
    internal HashSet<IInternalActorRef>? WatchedBy;

    /// <summary>Dead watched actors whose <see cref="Terminated"/> is still in the mailbox.</summary>
    internal Dictionary<IActorRef, object?>? TerminatedQueued;

    /// <summary>Behaviours below the present one, without the actor's own.</summary>
    internal Stack<Receive>? Behaviors;

    internal ActorTaskScheduler? TaskScheduler;

    /// <summary>Asynchronous handlers that have not ended; each holds one suspension of the mailbox.</summary>
    internal int Awaiting;

    internal ActorStash? Stash;

    internal ActorTimers? Timers;

    internal TimeSpan? ReceiveTimeout;

    internal ICancelable? ReceiveTimeoutTask;

    /// <summary>The child by whose failure this actor failed, or this actor.</summary>
    internal IActorRef? Perpetrator;

    /// <summary>System messages that wait until this actor is past a failure or its children's end.</summary>
    internal List<SystemMessage>? StashedSystem;
}

using Akka.Dispatch.SysMsg;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor;

internal partial class ActorCell
{
    private SupervisorStrategy? _strategy;

    private SupervisorStrategy Strategy => _strategy ??= _props.SupervisorStrategy ?? _actor?.MakeSupervisorStrategy() ?? SupervisorStrategy.DefaultStrategy;

    /// <summary>How far the cell is from normal life: 0 normal, 1 suspended by a failure, 2 waiting for children.</summary>
    private int FaultLevel => _children?.IsWaiting == true ? 2 : _failed ? 1 : 0;

    protected override void InvokeSystem(SystemMessage message)
    {
        int before = FaultLevel;
        if (MustWait(message, before))
        {
            (Extras.StashedSystem ??= []).Add(message);
            return;
        }
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, (message as Failed)?.Child);
        }
        if (_extras?.StashedSystem is { Count: > 0 } stashed && FaultLevel < before)
        {
            _extras.StashedSystem = null;
            foreach (SystemMessage waiting in stashed)
            {
                if (IsClosed) { UndeliveredSystem(waiting); }
                else { InvokeSystem(waiting); }
            }
        }
    }

    private static bool MustWait(SystemMessage message, int level) => level switch
    {
        0 => false,
        1 => message is Failed,
        _ => message is Failed or Recreate or Suspend or Resume,
    };

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Create create:
                CreateActor(create.Failure);
                break;
            case ActorTask task:
                if (ReferenceEquals(task.Scheduler, _extras?.TaskScheduler)) { task.Scheduler.Run(task.Task); }
                break;
            case ActorTaskCompleted completed:
                EndTask(completed);
                break;
            case Watch watch:
                AddWatcher(watch);
                break;
            case Unwatch unwatch:
                RemoveWatcher(unwatch);
                break;
            case DeathWatchNotification notification:
                WatchedActorTerminated(notification);
                break;
            case Failed failed:
                HandleFailed(failed);
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case Suspend:
                SuspendMailbox();
                SuspendChildren(null);
                break;
            case Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case Terminate:
                TerminateActor();
                break;
            default:
                throw new NotSupportedException($"Unknown system message {message.GetType().Name}");
        }
    }

    private void CreateActor(ActorInitializationException? failure)
    {
        if (failure is not null) { throw failure; }
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            if (_system.Settings.DebugLifecycle) { PublishDebug($"Started ({_actor.GetType()})"); }
        }
        catch (Exception e)
        {
            DiscardActor();
            throw e as ActorInitializationException
                ?? new ActorInitializationException(_self, $"Exception during creation: {e.Message}", e);
        }
    }

    private ActorBase NewActor()
    {
        _behavior = null;
        _extras?.Behaviors?.Clear();
        ActorBase actor = _props.NewActor();
        _passesBehavior = ActorHooks.OverridesAroundReceive(actor.GetType());
        _strategy = null;
        if (actor is IActorStash stashed) { stashed.Stash = Extras.Stash ??= new ActorStash(this, actor is IWithUnrestrictedStash or IWithUnboundedStash ? -1 : _props.StashCapacity); }
        if (actor is IWithTimers timed) { timed.Timers = Extras.Timers ??= new ActorTimers(this); }
        actor.ConstructionEnded();
        return actor;
    }

    /// <summary>Lets go of an instance; what it still awaited is dropped.</summary>
    private void DiscardActor()
    {
        if (_actor is { } actor) { _props.Release(actor); }
        _actor = null;
        _behavior = null;
        if (_extras is null) { return; }
        for (; _extras.Awaiting > 0; _extras.Awaiting--) { ResumeMailbox(); }
        _extras.TaskScheduler = null;
        _extras.Timers?.CancelAll();
    }

    private void HandleFailed(Failed failed)
    {
        if (_children is { } children && children.TryGetStats(failed.Child, out Internal.ChildRestartStats? stats) && stats.Uid == failed.Uid)
        {
            IReadOnlyCollection<Internal.ChildRestartStats> concerned = Strategy.GetType() == typeof(OneForOneStrategy) ? [stats] : children.AllStats();
            if (!Strategy.HandleFailure(this, failed.Child, failed.Cause, stats, concerned)) { Rethrow(failed.Cause); }
        }
        else
        {
            PublishDebug($"dropping {failed} from unknown child");
        }
    }

    /// <summary>Suspends this actor and asks its supervisor what to do.</summary>
    private void HandleInvokeFailure(Exception cause, IActorRef? perpetrator = null)
    {
        if (_failed) { return; }
        try
        {
            SuspendMailbox();
            _failed = true;
            if (perpetrator is not null) { Extras.Perpetrator = perpetrator; }
            else if (_extras is not null) { _extras.Perpetrator = null; }
            SuspendChildren(perpetrator);
            _parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, $"emergency stop: exception in failure handling for {cause.GetType()}");
            foreach (IInternalActorRef child in GetChildren()) { child.Stop(); }
            Children.SetTerminated();
            FinishTerminate();
        }
    }

    private void ClearFailed()
    {
        _failed = false;
        if (_extras is not null) { _extras.Perpetrator = null; }
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            PublishError(null, $"changing Resume into Create after {causedByFailure}");
            FaultCreate();
            return;
        }
        IActorRef? perpetrator = _extras?.Perpetrator;
        ResumeMailbox();
        if (causedByFailure is not null)
        {
            ClearFailed();
            EndMessage();
        }
        ResumeChildren(causedByFailure, perpetrator);
    }

    private void FaultRecreate(Exception? cause)
    {
        if (_actor is null)
        {
            PublishError(null, $"changing Recreate into Create after {cause}");
            FaultCreate();
            return;
        }
        if (!IsNormal)
        {
            // Waiting to end: only the suspension that came with this request is taken back.
            ResumeMailbox();
            return;
        }
        object? message = _message;
        try
        {
            if (_system.Settings.DebugLifecycle) { PublishDebug("restarting"); }
            // What is stashed comes before what is queued in the next life.
            _actor.AroundPreRestart(cause!, message);
        }
        catch (Exception e)
        {
            PreRestartException failure = new(_self, e, cause!, message);
            PublishError(failure, failure.Message);
        }
        _extras?.Stash?.UnstashAll();
        DiscardActor();
        EndMessage();
        if (_children?.SetReason(WaitReason.Recreation, cause) != true) { FinishRecreate(cause); }
    }

    private void FinishRecreate(Exception? cause)
    {
        IInternalActorRef[] survivors = GetChildren();
        try
        {
            ResumeMailbox();
            ClearFailed();
            _actor = NewActor();
            _actor.AroundPostRestart(cause!, null);
            if (_system.Settings.DebugLifecycle) { PublishDebug("restarted"); }
            foreach (IInternalActorRef child in survivors) { child.Restart(cause); }
        }
        catch (Exception e)
        {
            DiscardActor();
            HandleInvokeFailure(new PostRestartException(_self, e, cause!));
        }
    }

    /// <summary>Creates again an actor whose creation failed.</summary>
    private void FaultCreate()
    {
        foreach (IInternalActorRef child in GetChildren()) { Stop(child); }
        if (_children?.SetReason(WaitReason.Creation, null) != true) { FinishCreate(); }
    }

    private void FinishCreate()
    {
        ResumeMailbox();
        ClearFailed();
        EndMessage();
        try
        {
            CreateActor(null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void TerminateActor()
    {
        SetReceiveTimeout(null);
        UnwatchWatchedActors();
        bool wasTerminating = IsTerminating;
        switch (StopChildrenToEnd())
        {
            case TerminationStep.Finish:
                FinishTerminate();
                break;
            case TerminationStep.Wait when !wasTerminating:
                // Neither user messages nor failures of children count any more.
                SuspendMailbox();
                _failed = true;
                if (_system.Settings.DebugLifecycle) { PublishDebug("stopping"); }
                break;
        }
    }

    private TerminationStep StopChildrenToEnd()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _children, ChildrenContainer.Terminated, null) is not { } children) { return TerminationStep.Finish; }
            foreach (IInternalActorRef child in children.Snapshot()) { Stop(child); }
            TerminationStep step = children.BeginTermination();
            if (step != TerminationStep.StopAgain) { return step; }
        }
    }

    private void FinishTerminate()
    {
        ActorBase? actor = _actor;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }
        try
        {
            _extras?.Stash?.UnstashAll();
            _extras?.Timers?.CancelAll();
            SetReceiveTimeout(null);
            CloseMailbox();
            _parent.SendSystemMessage(new DeathWatchNotification(_self, true, false));
            TellWatchersWeDied();
            UnwatchWatchedActors();
            Dispatcher.Detach();
            if (_system.Settings.DebugLifecycle) { PublishDebug("stopped"); }
        }
        finally
        {
            DiscardActor();
            EndMessage();
            _strategy = null;
        }
    }

    private void HandleChildTerminated(IActorRef child)
    {
        WaitReason fulfilled = _children!.Remove(child, out Exception? cause);
        if (_actor is not null)
        {
            try
            {
                // Looked up only when asked for: a parent of very many children hears of as many ends.
                Strategy.HandleChildTerminated(this, child, ChildrenWhenAsked());
            }
            catch (Exception e)
            {
                PublishError(e, "handleChildTerminated failed");
                HandleInvokeFailure(e);
            }
        }
        switch (fulfilled)
        {
            case WaitReason.Recreation:
                FinishRecreate(cause);
                break;
            case WaitReason.Creation:
                FinishCreate();
                break;
            case WaitReason.Termination:
                FinishTerminate();
                break;
        }
    }
}

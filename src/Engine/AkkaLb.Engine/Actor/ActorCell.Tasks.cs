using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

internal partial class ActorCell
{
    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null && _extras?.ReceiveTimeout is null) { return; }
        _extras?.ReceiveTimeoutTask?.Cancel();
        Extras.ReceiveTimeoutTask = null;
        Extras.ReceiveTimeout = timeout is { } t && t > TimeSpan.Zero ? t : null;
        _hasReceiveTimeout = Extras.ReceiveTimeout is not null;
        if (_hasReceiveTimeout) { StartReceiveTimeout(); }
    }

    private void BeforeMessage(object message)
    {
        if (message is INotInfluenceReceiveTimeout) { return; }
        _extras!.ReceiveTimeoutTask?.Cancel();
        _extras.ReceiveTimeoutTask = null;
    }

    /// <summary>Starts the time without messages anew; while a handler is awaited there is none.</summary>
    private void AfterMessage()
    {
        if (_extras is { ReceiveTimeoutTask: null, Awaiting: 0 } && !IsClosed) { StartReceiveTimeout(); }
    }

    private void StartReceiveTimeout()
    {
        Cancelable task = new(_system.Scheduler);
        _extras!.ReceiveTimeoutTask = task;
        _system.Scheduler.ScheduleTellOnce(_extras.ReceiveTimeout!.Value, _self, Akka.Actor.ReceiveTimeout.Instance, _self, task);
    }

    /// <summary>Runs an asynchronous handler: its first part in this turn, the rest in turns of its own while user messages wait.</summary>
    internal void RunHandler<T>(Func<T, Task> handler, T message)
    {
        ActorTaskScheduler scheduler = Extras.TaskScheduler ??= new ActorTaskScheduler(this);
        Task<Task> start = new(() => handler(message));
        start.RunSynchronously(scheduler);
        Task whole = start.GetAwaiter().GetResult();
        if (whole.IsCompleted) { whole.GetAwaiter().GetResult(); }
        else { AwaitTask(whole, scheduler); }
    }

    /// <summary>Runs asynchronous code in a turn after this one; user messages wait for its end.</summary>
    internal void RunLater(Func<Task> action)
    {
        ActorTaskScheduler scheduler = Extras.TaskScheduler ??= new ActorTaskScheduler(this);
        Task<Task> start = new(action);
        AwaitTask(start.Unwrap(), scheduler);
        start.Start(scheduler);
    }

    private void AwaitTask(Task task, ActorTaskScheduler scheduler)
    {
        Extras.Awaiting++;
        SuspendMailbox();
        task.ContinueWith(
            static (ended, state) =>
            {
                ActorTaskScheduler owner = (ActorTaskScheduler)state!;
                Exception? failure = ended.IsCanceled
                    ? new TaskCanceledException(ended)
                    : ended.Exception is { InnerExceptions: [var only] } ? only : ended.Exception;
                owner.Cell.EnqueueSystem(new ActorTaskCompleted(owner, failure));
            },
            scheduler,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void EndTask(ActorTaskCompleted completed)
    {
        if (_extras is not { } extras || !ReferenceEquals(completed.Scheduler, extras.TaskScheduler)) { return; }
        extras.Awaiting--;
        ResumeMailbox();
        if (completed.Failure is { } failure) { HandleInvokeFailure(failure); }
        else if (extras.Awaiting == 0) { EndMessage(); }
        if (_hasReceiveTimeout) { AfterMessage(); }
    }
}

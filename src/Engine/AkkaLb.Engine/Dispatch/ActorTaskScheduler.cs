using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs the tasks of one actor in its turns, so that <c>Context</c>, <c>Self</c> and <c>Sender</c> hold after an await.
/// A restart replaces the scheduler; what the old instance still awaits is dropped.
/// </summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The message in hand.</summary>
    public object? CurrentMessage => _cell.CurrentMessage;

    /// <summary>Runs code in the context of the actor that calls, after the message in hand; user messages wait for it.</summary>
    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>Runs asynchronous code in the context of the actor that calls; user messages wait for its end.</summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        ActorCell cell = ActorCell.Current
            ?? throw new InvalidOperationException("RunTask must be called from an actor context.");
        cell.RunLater(asyncAction);
    }

    internal ActorCell Cell => _cell;

    internal bool Run(Task task) => TryExecuteTask(task);

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    /// <inheritdoc />
    protected override void QueueTask(Task task) => _cell.EnqueueSystem(new ActorTask(task, this));

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Current, _cell) && TryExecuteTask(task);
}

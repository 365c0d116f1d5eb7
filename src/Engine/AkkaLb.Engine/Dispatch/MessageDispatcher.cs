using System.Diagnostics;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Dispatch;

/// <summary>Executes the runs of actors.</summary>
public abstract class MessageDispatcher(MessageDispatcherConfigurator configurator)
{
    private long? _throughputDeadlineTime;

    /// <summary>What built this dispatcher.</summary>
    public MessageDispatcherConfigurator Configurator => configurator;

    /// <summary>The event stream of the dispatcher's system.</summary>
    public EventStream EventStream => configurator.Prerequisites.EventStream;

    /// <summary>The configuration path by which actors choose this dispatcher.</summary>
    public string Id { get; protected set; } = "";

    /// <summary>User messages an actor may process before others get their turn; at least 1.</summary>
    public int Throughput { get; protected set; } = 30;

    /// <summary>Ticks (100 ns) after which an actor yields before its throughput is used up; null or ≤ 0 for none.</summary>
    public long? ThroughputDeadlineTime
    {
        get => _throughputDeadlineTime;
        protected set
        {
            _throughputDeadlineTime = value;
            DeadlineTicks = value is > 0 ? (long)(value.Value * (Stopwatch.Frequency / (double)TimeSpan.TicksPerSecond)) : 0;
        }
    }

    /// <summary>The deadline in units of <see cref="Stopwatch"/>, 0 for none.</summary>
    internal long DeadlineTicks { get; private set; }

    /// <summary>Executes work on this dispatcher.</summary>
    public virtual void Schedule(IRunnable run) => ExecuteTask(run);

    /// <summary>Executes work on this dispatcher.</summary>
    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));

    /// <summary>Executes work on this dispatcher.</summary>
    protected abstract void ExecuteTask(IRunnable run);

    /// <summary>Ends the dispatcher's threads, if it owns any.</summary>
    protected virtual void Shutdown() { }

    internal void ShutdownNow() => Shutdown();

    /// <summary>An actor of this dispatcher has ended.</summary>
    internal virtual void Detach() { }

    /// <summary>Runs a mailbox that has just become ready.</summary>
    internal virtual void Execute(ActorMailbox mailbox, WorkerState worker) => ExecuteTask(mailbox);

    /// <summary>Runs a mailbox again that gives way to others.</summary>
    internal virtual void Yield(ActorMailbox mailbox) => ExecuteTask(mailbox);
}

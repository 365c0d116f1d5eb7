using Akka.Dispatch;

namespace AkkaLb.Engine;

/// <summary>Runs actors in the synchronisation context that was current when the dispatcher was looked up.</summary>
internal sealed class ContextDispatcher : MessageDispatcher
{
    private readonly SynchronizationContext _context = SynchronizationContext.Current
        ?? throw new InvalidOperationException("SynchronizedDispatcher needs a current SynchronizationContext");

    public ContextDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? deadline) : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = deadline;
    }

    protected override void ExecuteTask(IRunnable run) => _context.Post(static state => ((IRunnable)state!).Run(), run);
}

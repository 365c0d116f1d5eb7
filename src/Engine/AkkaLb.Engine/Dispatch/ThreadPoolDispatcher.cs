using Akka.Dispatch;

namespace AkkaLb.Engine;

/// <summary>Runs actors on the .NET thread pool.</summary>
internal sealed class ThreadPoolDispatcher : MessageDispatcher
{
    // A worker takes its own queue last-in first-out and looks at the shared queue only when that is empty,
    // so two actors that keep each other busy would starve everybody else. Every so often one goes the fair way.
    private const int LocalRunLength = 61;

    [ThreadStatic]
    private static int _localRuns;

    public ThreadPoolDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? deadline)
        : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = deadline;
    }

    internal override void Execute(ActorMailbox mailbox)
    {
        bool local = ++_localRuns < LocalRunLength;
        if (!local) { _localRuns = 0; }
        ThreadPool.UnsafeQueueUserWorkItem(mailbox, local);
    }

    internal override void Yield(ActorMailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);

    protected override void ExecuteTask(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
}

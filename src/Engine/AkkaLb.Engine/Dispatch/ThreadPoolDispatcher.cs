using System.Collections.Concurrent;
using Akka.Dispatch;

namespace AkkaLb.Engine;

/// <summary>Runs actors on the .NET thread pool.</summary>
/// <remarks>
/// <para>Ready actors wait in two ways. The worker's own queue of the pool is last-in first-out and best for a chain (a question
/// and its answer, one ball between two actors): the next actor runs at once on the same core. The shared queue here is first-in
/// first-out and best for a fan-out: by the time an actor's turn comes, all its messages are there. So the first actor that a
/// turn makes ready goes to the worker's own queue while the shared one is empty; all others are shared.</para>
/// <para>The shared queue is emptied by work items of the pool that each run a number of actors. While it holds anything, one
/// such work item waits in the pool, so a turn that blocks holds nobody up: the pool sees the waiting item and adds a thread.</para>
/// </remarks>
internal sealed class ThreadPoolDispatcher : MessageDispatcher, IThreadPoolWorkItem
{
    // A chain that never ends would keep its worker from the pool's other work: every so often one is shared.
    private const int LongestChain = 61;

    // Actors that a work item runs before the pool's other work gets its turn.
    private const int Slice = 64;

    private readonly ConcurrentQueue<ActorMailbox> _shared = new();
    private int _workItemWaits;

    public ThreadPoolDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? deadline)
        : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = deadline;
    }

    internal override void Execute(ActorMailbox mailbox, WorkerState worker)
    {
        if (++worker.Readied == 1 && _shared.IsEmpty && ++worker.Chain < LongestChain)
        {
            ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: true);
            return;
        }
        worker.Chain = 0;
        Yield(mailbox);
    }

    internal override void Yield(ActorMailbox mailbox)
    {
        _shared.Enqueue(mailbox);
        // The queue's own write must be seen before the flag is read, or a work item that just ends could miss it.
        Interlocked.MemoryBarrier();
        RequestWorkItem();
    }

    /// <summary>Runs actors of the shared queue.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _workItemWaits, 0);
        for (int i = 0; i < Slice && _shared.TryDequeue(out ActorMailbox? mailbox); i++)
        {
            if (!_shared.IsEmpty) { RequestWorkItem(); }
            mailbox.Run();
        }
        if (!_shared.IsEmpty) { RequestWorkItem(); }
    }

    protected override void ExecuteTask(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    private void RequestWorkItem()
    {
        if (Volatile.Read(ref _workItemWaits) == 0 && Interlocked.Exchange(ref _workItemWaits, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}

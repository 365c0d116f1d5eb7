using Akka.Dispatch;

namespace AkkaLb.Engine;

/// <summary>Runs actors on the .NET thread pool.</summary>
/// <remarks>
/// A worker of the pool takes its own queue last-in first-out, and the shared queue first-in first-out when its own is empty.
/// The own queue is best for a chain (a question and its answer, one ball between two actors): the next actor runs at once
/// on the same core. The shared queue is best for a fan-out: by the time an actor's turn comes, all its messages are there,
/// so it handles them in one turn. So the first actor that a turn makes ready goes to the own queue; a second one in the same
/// turn tells a fan-out, and for a while all go to the shared queue. Either can be taken by any worker, so a turn that blocks
/// holds nobody up.
/// </remarks>
internal sealed class ThreadPoolDispatcher : MessageDispatcher
{
    // A chain that never ends would keep its worker from the shared queue: every so often one goes there.
    private const int LongestChain = 61;
    private const int FanOutLasts = 64;

    [ThreadStatic]
    private static int _readied;
    [ThreadStatic]
    private static int _chain;
    [ThreadStatic]
    private static int _fanOut;

    public ThreadPoolDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? deadline)
        : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = deadline;
    }

    internal override void TurnBegins() => _readied = 0;

    internal override void Execute(ActorMailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, IsChain());

    internal override void Yield(ActorMailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);

    protected override void ExecuteTask(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    private static bool IsChain()
    {
        if (_fanOut > 0)
        {
            _fanOut--;
            return false;
        }
        if (++_readied > 1)
        {
            _fanOut = FanOutLasts;
            return false;
        }
        if (++_chain < LongestChain) { return true; }
        _chain = 0;
        return false;
    }
}

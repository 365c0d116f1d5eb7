using System.Collections.Concurrent;
using Akka.Dispatch;

namespace AkkaLb.Engine;

/// <summary>Runs actors on threads of its own, which start with the first work and end with the system.</summary>
internal sealed class OwnThreadsDispatcher : MessageDispatcher
{
    private readonly BlockingCollection<IRunnable> _work = [];
    private readonly int _threadCount;
    private readonly bool _pinned;
    private readonly Lock _lock = new();
    private bool _started;

    public OwnThreadsDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? deadline, int threadCount, bool pinned = false)
        : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = deadline;
        _threadCount = threadCount;
        _pinned = pinned;
    }

    protected override void ExecuteTask(IRunnable run)
    {
        if (!Volatile.Read(ref _started)) { StartThreads(); }
        try
        {
            _work.Add(run);
        }
        catch (InvalidOperationException)
        {
            // The system has ended; nothing may run any more.
        }
    }

    /// <summary>The thread of a pinned actor ends with it.</summary>
    internal override void Detach()
    {
        if (_pinned) { Shutdown(); }
    }

    protected override void Shutdown() => _work.CompleteAdding();

    private void StartThreads()
    {
        lock (_lock)
        {
            if (_started) { return; }
            for (int i = 0; i < _threadCount; i++)
            {
                new Thread(Work) { IsBackground = true, Name = $"{Id}-{i}" }.Start();
            }
            Volatile.Write(ref _started, true);
        }
    }

    private void Work()
    {
        foreach (IRunnable run in _work.GetConsumingEnumerable()) { run.Run(); }
    }
}

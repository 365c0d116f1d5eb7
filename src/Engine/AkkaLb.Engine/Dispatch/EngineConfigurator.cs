using Akka.Configuration;
using Akka.Dispatch;

namespace AkkaLb.Engine;

internal enum DispatcherKind
{
    /// <summary>The .NET thread pool.</summary>
    ThreadPool,

    /// <summary>Threads of the dispatcher's own.</summary>
    OwnThreads,

    /// <summary>One thread for each actor.</summary>
    Pinned,

    /// <summary>The synchronisation context of the thread that looks the dispatcher up.</summary>
    Context,
}

/// <summary>Builds the engine's own dispatchers.</summary>
internal sealed class EngineConfigurator(Config config, IDispatcherPrerequisites prerequisites, Dispatchers owner, DispatcherKind kind)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private readonly Lock _lock = new();
    private MessageDispatcher? _shared;

    public override MessageDispatcher Dispatcher()
    {
        if (kind is DispatcherKind.Pinned or DispatcherKind.Context) { return Make(); }
        lock (_lock) { return _shared ??= Make(); }
    }

    private MessageDispatcher Make()
    {
        string id = Config.GetString("id")!;
        int throughput = Config.GetInt("throughput");
        TimeSpan deadline = Config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);
        if (throughput < 1) { throw new ConfigurationException($"{id}.throughput = {throughput}, expected at least 1"); }
        return kind switch
        {
            DispatcherKind.ThreadPool => new ThreadPoolDispatcher(this, id, throughput, deadline.Ticks),
            DispatcherKind.Context => new ContextDispatcher(this, id, throughput, deadline.Ticks),
            DispatcherKind.Pinned => new OwnThreadsDispatcher(this, id, throughput, deadline.Ticks, 1, pinned: true),
            _ => owner.Own(new OwnThreadsDispatcher(this, id, throughput, deadline.Ticks, ThreadCount())),
        };
    }

    private int ThreadCount()
    {
        int count = Config.GetInt("dedicated-thread-pool.thread-count");
        if (count > 0) { return count; }
        double scaled = Math.Ceiling(Environment.ProcessorCount * Config.GetDouble("fork-join-executor.parallelism-factor", 1));
        return (int)Math.Clamp(
            scaled,
            Config.GetInt("fork-join-executor.parallelism-min", 1),
            Math.Max(Config.GetInt("fork-join-executor.parallelism-max", 64), Config.GetInt("fork-join-executor.parallelism-min", 1)));
    }
}

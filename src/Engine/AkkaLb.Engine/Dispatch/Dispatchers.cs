using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Dispatch;

/// <summary>What a dispatcher is built from.</summary>
public interface IDispatcherPrerequisites
{
    /// <summary>The event stream of the system.</summary>
    EventStream EventStream { get; }

    /// <summary>The scheduler of the system.</summary>
    IScheduler Scheduler { get; }

    /// <summary>The settings of the system.</summary>
    Settings Settings { get; }
}

internal sealed class DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings) : IDispatcherPrerequisites
{
    public EventStream EventStream => eventStream;
    public IScheduler Scheduler => scheduler;
    public Settings Settings => settings;
}

/// <summary>Builds the dispatcher of one configuration.</summary>
public abstract class MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
{
    /// <summary>The section of the dispatcher.</summary>
    public Config Config => config;

    /// <summary>What the system supplies.</summary>
    public IDispatcherPrerequisites Prerequisites => prerequisites;

    /// <summary>The dispatcher for one actor; the same for all unless the type says otherwise.</summary>
    public abstract MessageDispatcher Dispatcher();
}

/// <summary>The dispatchers of a system, by the paths of their configurations.</summary>
public sealed class Dispatchers
{
    /// <summary>The dispatcher of actors that name none.</summary>
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new();
    private readonly ConcurrentBag<MessageDispatcher> _owned = [];
    private MessageDispatcher? _default;

    internal Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites)
    {
        _system = system;
        Prerequisites = prerequisites;
    }

    /// <summary>What the system supplies.</summary>
    public IDispatcherPrerequisites Prerequisites { get; }

    /// <summary>The dispatcher of actors that name none.</summary>
    public MessageDispatcher DefaultGlobalDispatcher => _default ??= Lookup(DefaultDispatcherId);

    /// <summary>The dispatcher of a configuration; throws <see cref="ConfigurationException"/> when there is none.</summary>
    public MessageDispatcher Lookup(string dispatcherName)
    {
        if (_default is { } known && ReferenceEquals(dispatcherName, DefaultDispatcherId)) { return known; }
        return _configurators.GetOrAdd(string.IsNullOrEmpty(dispatcherName) ? DefaultDispatcherId : dispatcherName, Configure).Dispatcher();
    }

    /// <summary>True when there is a configuration at the path.</summary>
    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    /// <summary>Makes a configurator known; false when the path is taken.</summary>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) => _configurators.TryAdd(id, configurator);

    /// <summary>Remembers a dispatcher that owns threads.</summary>
    internal T Own<T>(T dispatcher) where T : MessageDispatcher
    {
        _owned.Add(dispatcher);
        return dispatcher;
    }

    internal void Shutdown()
    {
        foreach (MessageDispatcher dispatcher in _owned) { dispatcher.ShutdownNow(); }
    }

    private MessageDispatcherConfigurator Configure(string id)
    {
        Config section = _system.Settings.Config.GetConfig(id)
            ?? throw new ConfigurationException($"Dispatcher [{id}] not configured for path {id}");
        Config config = section
            .WithFallback(ConfigurationFactory.ParseString($"id = \"{id}\""))
            .WithFallback(_system.Settings.Config.GetConfig(DefaultDispatcherId));
        string type = config.GetString("type") ?? "Dispatcher";
        return type switch
        {
            "Dispatcher" => config.GetString("executor") switch
            {
                "fork-join-executor" => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.OwnThreads),
                _ => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.ThreadPool),
            },
            "TaskDispatcher" or "ChannelDispatcher" => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.ThreadPool),
            "ForkJoinDispatcher" => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.OwnThreads),
            "PinnedDispatcher" => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.Pinned),
            "SynchronizedDispatcher" => new EngineConfigurator(config, Prerequisites, this, DispatcherKind.Context),
            _ => TypeResolver.Create<MessageDispatcherConfigurator>(type, config, Prerequisites),
        };
    }
}

using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    /// <summary>The settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>Where messages go that cannot be delivered.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Where dead letters, unhandled messages and log events are published.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>The dispatchers.</summary>
    public abstract Dispatchers Dispatchers { get; }

    /// <summary>Sends messages later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The log of the system itself.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>The serialisers.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Completes when all actors have ended.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>When the system started, as time since the epoch.</summary>
    public abstract TimeSpan StartTime { get; }

    /// <summary>The time since the start.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Starts a system.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>Starts a system with a configuration.</summary>
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>Starts a system with a configuration.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>Starts a system with several settings.</summary>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        BootstrapSetup? bootstrap = setup.Get<BootstrapSetup>().Value;
        Config config = bootstrap?.Config.Value ?? ConfigurationFactory.Load();
        if (bootstrap is { Fallback.HasValue: true }) { config = config.WithFallback(bootstrap.Fallback.Value); }
        ActorSystemImpl system = new(name, config, setup);
        system.Start();
        return system;
    }

    /// <inheritdoc />
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc />
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc />
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Stops an actor.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Ends the system; the task is <see cref="WhenTerminated"/>.</summary>
    public abstract Task Terminate();

    /// <summary>Calls code when all actors have ended, the last registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Makes an extension known; made at the first call.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The instance of an extension, or null.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>The instance of an extension, or null.</summary>
    public abstract T GetExtension<T>() where T : class, IExtension;

    /// <summary>True when an extension is registered.</summary>
    public abstract bool HasExtension(Type type);

    /// <summary>True when an extension is registered.</summary>
    public abstract bool HasExtension<T>() where T : class, IExtension;

    /// <summary>The instance of an extension.</summary>
    public abstract bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension);

    /// <summary>The instance of an extension.</summary>
    public abstract bool TryGetExtension<T>([NotNullWhen(true)] out T? extension) where T : class, IExtension;

    /// <summary>Ends the system without waiting.</summary>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The side of a system that its extensions see.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Makes and finds references.</summary>
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The actor above all actors of the user.</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>Where selections begin.</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>The actor above all actors of the system.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Makes an actor under <c>/system</c>, which ends after the user's actors.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Makes an actor under <c>/system</c>.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>The tree of actors as text.</summary>
    public abstract string PrintTree();
}

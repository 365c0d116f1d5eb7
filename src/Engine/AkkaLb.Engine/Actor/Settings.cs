using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>The settings of an actor system, read from its configuration.</summary>
public class Settings
{
    private readonly Config _userConfig;
    private Config _fallbackConfig;

    /// <summary>Reads a configuration over the reference.</summary>
    public Settings(ActorSystem system, Config config) : this(system, config, ActorSystemSetup.Empty) { }

    /// <summary>Reads a configuration over the reference.</summary>
    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        _userConfig = config;
        _fallbackConfig = ConfigurationFactory.Default();
        Config = _userConfig.WithFallback(_fallbackConfig);

        ConfigVersion = Config.GetString("akka.version") ?? "";
        ProviderClass = Config.GetString("akka.actor.provider") ?? "local";
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy")!;
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout");
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages");
        LogLevel = Config.GetString("akka.loglevel")!;
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel")!;
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher")!;
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout");
        LoggerAsyncStart = Config.GetBoolean("akka.logger-async-start");
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        LogDeadLetters = Config.GetString("akka.log-dead-letters") switch
        {
            "on" or "true" or "yes" => int.MaxValue,
            "off" or "false" or "no" => 0,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = Config.GetTimeSpan("akka.log-dead-letters-suspend-duration", Timeout.InfiniteTimeSpan);
        AddLoggingReceive = Config.GetBoolean("akka.actor.debug.receive");
        DebugAutoReceive = Config.GetBoolean("akka.actor.debug.autoreceive");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        SchedulerClass = Config.GetString("akka.scheduler.implementation")!;
        SchedulerShutdownTimeout = Config.GetTimeSpan("akka.scheduler.shutdown-timeout");
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate = Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
        {
            throw new ConfigurationException("akka.coordinated-shutdown.run-by-actor-system-terminate = on needs akka.coordinated-shutdown.terminate-actor-system = on");
        }
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>What the system was started with.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>The configuration with all fallbacks.</summary>
    public Config Config { get; private set; }

    /// <summary><c>akka.version</c></summary>
    public string ConfigVersion { get; }

    /// <summary><c>akka.actor.provider</c></summary>
    public string ProviderClass { get; }

    /// <summary><c>akka.actor.guardian-supervisor-strategy</c></summary>
    public string SupervisorStrategyClass { get; }

    /// <summary><c>akka.actor.ask-timeout</c></summary>
    public TimeSpan AskTimeout { get; }

    /// <summary><c>akka.actor.creation-timeout</c></summary>
    public TimeSpan CreationTimeout { get; }

    /// <summary><c>akka.actor.serialize-messages</c>: every user message makes a round trip through its serialiser, as a test.</summary>
    public bool SerializeAllMessages { get; }

    /// <summary><c>akka.loglevel</c></summary>
    public string LogLevel { get; }

    /// <summary><c>akka.stdout-loglevel</c></summary>
    public string StdoutLogLevel { get; }

    /// <summary><c>akka.loggers</c></summary>
    public IList<string> Loggers { get; }

    /// <summary><c>akka.loggers-dispatcher</c></summary>
    public string LoggersDispatcher { get; }

    /// <summary><c>akka.logger-startup-timeout</c></summary>
    public TimeSpan LoggerStartTimeout { get; }

    /// <summary><c>akka.logger-async-start</c></summary>
    public bool LoggerAsyncStart { get; }

    /// <summary><c>akka.log-config-on-start</c></summary>
    public bool LogConfigOnStart { get; }

    /// <summary>How many dead letters are logged: <c>akka.log-dead-letters</c>.</summary>
    public int LogDeadLetters { get; }

    /// <summary><c>akka.log-dead-letters-during-shutdown</c></summary>
    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>How long the log of dead letters rests once it is full.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    /// <summary><c>akka.actor.debug.receive</c></summary>
    public bool AddLoggingReceive { get; }

    /// <summary><c>akka.actor.debug.autoreceive</c></summary>
    public bool DebugAutoReceive { get; }

    /// <summary><c>akka.actor.debug.lifecycle</c></summary>
    public bool DebugLifecycle { get; }

    /// <summary><c>akka.actor.debug.event-stream</c></summary>
    public bool DebugEventStream { get; }

    /// <summary><c>akka.actor.debug.unhandled</c></summary>
    public bool DebugUnhandledMessage { get; }

    /// <summary><c>akka.scheduler.implementation</c></summary>
    public string SchedulerClass { get; }

    /// <summary><c>akka.scheduler.shutdown-timeout</c></summary>
    public TimeSpan SchedulerShutdownTimeout { get; }

    /// <summary><c>akka.coordinated-shutdown.terminate-actor-system</c></summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    /// <summary><c>akka.coordinated-shutdown.run-by-actor-system-terminate</c></summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Adds a reference configuration below all others.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallbackConfig = _fallbackConfig.WithFallback(config);
        Config = _userConfig.WithFallback(_fallbackConfig);
    }

    /// <inheritdoc />
    public override string ToString() => Config.ToString();
}

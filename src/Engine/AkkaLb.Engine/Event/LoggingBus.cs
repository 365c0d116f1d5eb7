using Akka.Actor;
using Akka.Actor.Internal;
using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>The event bus that loggers subscribe to; its classes are types, their base types and interfaces.</summary>
public abstract class LoggingBus : ActorEventBus<object, Type>
{
    private readonly List<IActorRef> _loggers = [];
    private MinimalLogger? _stdout;
    private LogLevel _stdoutLevel;
    private int _loggerNumber;

    /// <summary>Events below this level are not made.</summary>
    public LogLevel LogLevel { get; private set; }

    /// <inheritdoc />
    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    /// <inheritdoc />
    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    /// <inheritdoc />
    protected override bool Classify(object @event, Type classifier) => classifier.IsAssignableFrom(GetClassifier(@event));

    /// <inheritdoc />
    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <summary>Changes the level, and what the loggers get.</summary>
    public virtual void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        lock (_loggers) { _loggers.ForEach(logger => SubscribeFrom(logLevel, logger)); }
    }

    /// <summary>Prints events to standard output until the loggers have started.</summary>
    public void StartStdoutLogger(Settings config)
    {
        _stdout = new StandardOutLogger();
        _stdoutLevel = Logging.LogLevelFor(config.StdoutLogLevel);
        LogLevel = _stdoutLevel;
        SubscribeFrom(_stdoutLevel, _stdout);
    }

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        LogLevel level = Logging.LogLevelFor(system.Settings.LogLevel);
        bool printsToConsole = false;
        foreach (string name in system.Settings.Loggers)
        {
            Type type = TypeResolver.Require(name);
            if (type == typeof(StandardOutLogger) || typeof(MinimalLogger).IsAssignableFrom(type))
            {
                printsToConsole = true;
                continue;
            }
            StartLogger(system, type, level);
        }
        LogLevel = level;
        if (_stdout is null) { return; }
        Unsubscribe(_stdout);
        if (printsToConsole) { SubscribeFrom(level, _stdout); }
    }

    private void StartLogger(ActorSystemImpl system, Type type, LogLevel level)
    {
        string name = $"log{Interlocked.Increment(ref _loggerNumber)}-{type.Name}";
        IActorRef logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
        Task<object> started = logger.Ask<object>(new InitializeLogger(this), system.Settings.LoggerStartTimeout, CancellationToken.None);
        if (!system.Settings.LoggerAsyncStart)
        {
            try
            {
                started.GetAwaiter().GetResult();
            }
            catch (AskTimeoutException)
            {
                Publish(new Warning(name, GetType(), $"Logger {name} [{type}] did not respond within {system.Settings.LoggerStartTimeout} to InitializeLogger(bus), will retry."));
            }
        }
        lock (_loggers) { _loggers.Add(logger); }
        SubscribeFrom(level, logger);
        if (level <= LogLevel.DebugLevel) { Publish(new Debug("EventStream", GetType(), $"Logger {name} [{type.Name}] started")); }
    }

    /// <summary>The loggers end with the system; what is logged after them goes to standard output.</summary>
    internal void StopLoggers()
    {
        if (_stdout is null) { return; }
        SubscribeFrom(_stdoutLevel, _stdout);
        lock (_loggers)
        {
            foreach (IActorRef logger in _loggers)
            {
                Unsubscribe(logger);
                ((IInternalActorRef)logger).Stop();
            }
            _loggers.Clear();
        }
    }

    private void SubscribeFrom(LogLevel level, IActorRef logger)
    {
        foreach (LogLevel each in Logging.AllLevels)
        {
            if (each >= level) { Subscribe(logger, Logging.ClassFor(each)); }
            else { Unsubscribe(logger, Logging.ClassFor(each)); }
        }
    }
}

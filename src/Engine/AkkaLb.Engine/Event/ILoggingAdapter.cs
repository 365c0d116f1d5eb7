using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>Writes log events.</summary>
public interface ILoggingAdapter
{
    /// <summary>What puts formats and arguments together.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>True when debug events are made.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>True when information events are made.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>True when warnings are made.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>True when errors are made.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>True when events of the level are made.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Writes a text.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);

    /// <summary>Writes a format with its arguments.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
}

/// <summary>The base of adapters.</summary>
public abstract class LoggingAdapterBase(ILogMessageFormatter logMessageFormatter) : ILoggingAdapter
{
    /// <inheritdoc />
    public ILogMessageFormatter Formatter => logMessageFormatter;

    /// <inheritdoc />
    public abstract bool IsDebugEnabled { get; }

    /// <inheritdoc />
    public abstract bool IsInfoEnabled { get; }

    /// <inheritdoc />
    public abstract bool IsWarningEnabled { get; }

    /// <inheritdoc />
    public abstract bool IsErrorEnabled { get; }

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => IsDebugEnabled,
        LogLevel.InfoLevel => IsInfoEnabled,
        LogLevel.WarningLevel => IsWarningEnabled,
        LogLevel.ErrorLevel => IsErrorEnabled,
        _ => throw new NotSupportedException($"Unknown LogLevel {logLevel}"),
    };

    /// <inheritdoc />
    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
        if (IsEnabled(logLevel)) { NotifyLog(logLevel, format, cause); }
    }

    /// <inheritdoc />
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
        if (IsEnabled(logLevel)) { NotifyLog(logLevel, message, cause); }
    }

    /// <summary>Makes an event of an enabled level.</summary>
    protected abstract void NotifyLog(LogLevel logLevel, object message, Exception? cause = null);
}

/// <summary>Publishes log events on a bus.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
    : LoggingAdapterBase(logMessageFormatter)
{
    /// <summary>The bus.</summary>
    public LoggingBus Bus => bus;

    /// <summary>Who makes the events.</summary>
    public string LogSource => logSource;

    /// <summary>The type of who makes the events.</summary>
    public Type LogClass => logClass;

    /// <inheritdoc />
    public override bool IsDebugEnabled => bus.LogLevel <= LogLevel.DebugLevel;

    /// <inheritdoc />
    public override bool IsInfoEnabled => bus.LogLevel <= LogLevel.InfoLevel;

    /// <inheritdoc />
    public override bool IsWarningEnabled => bus.LogLevel <= LogLevel.WarningLevel;

    /// <inheritdoc />
    public override bool IsErrorEnabled => bus.LogLevel <= LogLevel.ErrorLevel;

    /// <inheritdoc />
    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null) => bus.Publish(logLevel switch
    {
        LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message),
        LogLevel.InfoLevel => new Info(cause, logSource, logClass, message),
        LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message),
        _ => (object)new Error(cause, logSource, logClass, message),
    });
}

/// <summary>Writes nothing.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    /// <summary>The only instance.</summary>
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger() { }

    /// <inheritdoc />
    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    /// <inheritdoc />
    public bool IsDebugEnabled => false;

    /// <inheritdoc />
    public bool IsInfoEnabled => false;

    /// <inheritdoc />
    public bool IsWarningEnabled => false;

    /// <inheritdoc />
    public bool IsErrorEnabled => false;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => false;

    /// <inheritdoc />
    public void Log(LogLevel logLevel, Exception? cause, string format) { }

    /// <inheritdoc />
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) { }
}

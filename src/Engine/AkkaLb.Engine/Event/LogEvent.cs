using System.Globalization;
using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>How bad an event is.</summary>
public enum LogLevel
{
    /// <summary>For those who look for a fault.</summary>
    DebugLevel,

    /// <summary>What happens.</summary>
    InfoLevel,

    /// <summary>What should not happen but is dealt with.</summary>
    WarningLevel,

    /// <summary>What is not dealt with.</summary>
    ErrorLevel,
}

/// <summary>Something worth writing down.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    /// <summary>Notes the time and the thread.</summary>
    protected LogEvent()
    {
        Timestamp = SystemClock.UtcNow.UtcDateTime;
        Thread = Thread.CurrentThread;
    }

    /// <summary>What was thrown, or null.</summary>
    public Exception? Cause { get; protected set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>On which thread it was made.</summary>
    public Thread Thread { get; }

    /// <summary>Who made it.</summary>
    public string LogSource { get; protected set; } = "";

    /// <summary>The type of who made it.</summary>
    public Type LogClass { get; protected set; } = typeof(object);

    /// <summary>What it says; formatted when asked for its text.</summary>
    public object Message { get; protected set; } = "";

    /// <summary>How bad it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc />
    public override string ToString()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"[{Logging.StringFor(LogLevel())}][{Timestamp:MM/dd/yyyy HH:mm:ss.fffZ}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}");
        return Cause is null ? text : $"{text}{Environment.NewLine}Cause: {Cause}";
    }
}

/// <summary>An event for those who look for a fault.</summary>
public class Debug : LogEvent
{
    /// <summary>An event with its source.</summary>
    public Debug(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>An event with its cause and source.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>An event that says what happens.</summary>
public class Info : LogEvent
{
    /// <summary>An event with its source.</summary>
    public Info(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>An event with its cause and source.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>An event about what should not happen.</summary>
public class Warning : LogEvent
{
    /// <summary>An event with its source.</summary>
    public Warning(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>An event with its cause and source.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>An event about what is not dealt with.</summary>
public class Error : LogEvent
{
    /// <summary>An event with its cause and source.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>Writes events of each level; arguments are formatted only when a logger asks for the text.</summary>
public static class LoggingExtensions
{
    /// <summary>Writes a text.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format) => log.Log(logLevel, null, format);

    /// <summary>Writes a format with its arguments.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format, params object?[] args) => log.Log(logLevel, null, format, args);

    /// <summary>Writes a cause and a format with its arguments.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format, params object?[] args)
    {
        if (log.IsEnabled(logLevel)) { log.Log(logLevel, cause, new FormattedLogMessage(log.Formatter, format, args)); }
    }

    /// <summary>Writes a text.</summary>
    public static void Debug(this ILoggingAdapter log, string format) => log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Writes a format with its arguments.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object?[] args) => log.Log(LogLevel.DebugLevel, null, format, args);

    /// <summary>Writes a cause and a text.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Writes a cause and a format with its arguments.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Log(LogLevel.DebugLevel, cause, format, args);

    /// <summary>Writes a text.</summary>
    public static void Info(this ILoggingAdapter log, string format) => log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Writes a format with its arguments.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object?[] args) => log.Log(LogLevel.InfoLevel, null, format, args);

    /// <summary>Writes a cause and a text.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Writes a cause and a format with its arguments.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Log(LogLevel.InfoLevel, cause, format, args);

    /// <summary>Writes a text.</summary>
    public static void Warning(this ILoggingAdapter log, string format) => log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Writes a format with its arguments.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object?[] args) => log.Log(LogLevel.WarningLevel, null, format, args);

    /// <summary>Writes a cause and a text.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Writes a cause and a format with its arguments.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Log(LogLevel.WarningLevel, cause, format, args);

    /// <summary>Writes a text.</summary>
    public static void Error(this ILoggingAdapter log, string format) => log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Writes a format with its arguments.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object?[] args) => log.Log(LogLevel.ErrorLevel, null, format, args);

    /// <summary>Writes a cause and a text.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Writes a cause and a format with its arguments.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Log(LogLevel.ErrorLevel, cause, format, args);
}

using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using AkkaLb.Engine.TestKit;

namespace Akka.TestKit;

/// <summary>Makes filters for log events.</summary>
/// <remarks>
/// Of <c>message</c> (the whole text), <c>start</c> and <c>contains</c> the first one given counts; without any, every text matches.
/// <c>source</c> is the log source: a name, or an actor's path with or without its address.
/// The system must log through <see cref="TestEventListener"/>, which is a test kit's default.
/// </remarks>
public class EventFilterFactory
{
    private readonly TestKitBase kit;
    private readonly ActorSystem system;
    private readonly IReadOnlyList<LogEventFilter> filters;

    /// <summary>Filters for a test kit's actor system.</summary>
    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    /// <summary>Filters for an actor system.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase kit, ActorSystem system, IReadOnlyList<LogEventFilter> filters)
    {
        this.kit = kit;
        this.system = system;
        this.filters = filters;
    }

    /// <summary>Errors whose cause is of a type; the text is the error's or its cause's.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors whose cause is of a type; the text is the error's or its cause's.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    /// <summary>Errors whose cause is of a type; the text is the error's or its cause's.</summary>
    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Exception(exceptionType, TextMatcher.For(message, start, contains), source, checkInnerExceptions);

    /// <summary>Errors whose cause is of a type; the text is the error's or its cause's.</summary>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Exception(exceptionType, TextMatcher.For(pattern), source, checkInnerExceptions);

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(Regex pattern, string? source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(Regex pattern, string? source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    /// <summary>Informations.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    /// <summary>Informations.</summary>
    public IEventFilterApplier Info(Regex pattern, string? source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    /// <summary>Debug events.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    /// <summary>Debug events.</summary>
    public IEventFilterApplier Debug(Regex pattern, string? source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(logLevel, TextMatcher.For(message, start, contains), source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        ForLogLevel(logLevel, TextMatcher.For(pattern), source);

    /// <summary>Messages that ended in the dead letters.</summary>
    public IEventFilterApplier DeadLetter() => DeadLetters("a dead letter", static _ => true, null);

    /// <summary>Messages of a type that ended in the dead letters.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter(typeof(TMessage), source);

    /// <summary>Messages of a type that ended in the dead letters.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source);

    /// <summary>Messages of a type that ended in the dead letters.</summary>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) => DeadLetter(type, static _ => true, source);

    /// <summary>Messages of a type that ended in the dead letters.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        DeadLetters($"a dead letter of type {type}", letter => type.IsInstanceOfType(letter.Message) && isMatch(letter.Message), source);

    /// <summary>Events for which <paramref name="predicate"/> holds.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Apply("a custom filter", predicate);

    /// <summary>Events of a type for which <paramref name="predicate"/> holds.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent => Apply($"a custom filter for {typeof(TLogEvent).Name}", logEvent => logEvent is TLogEvent typed && predicate(typed));

    private IEventFilterApplier ForLogLevel(LogLevel level, TextMatcher text, string? source) => Apply(
        $"{level} {text}{Source(source)}",
        logEvent => logEvent.LogLevel() == level && IsSource(logEvent, source) && text.IsMatch(logEvent.Message?.ToString()));

    private IEventFilterApplier Exception(Type type, TextMatcher text, string? source, bool checkInner) => Apply(
        $"ErrorLevel caused by {type} {text}{Source(source)}",
        logEvent => logEvent is Error error && IsSource(error, source)
            && Causes(error, checkInner).Any(cause => type.IsInstanceOfType(cause) && (text.IsMatch(error.Message?.ToString()) || text.IsMatch(cause.Message))));

    private IEventFilterApplier DeadLetters(string description, Predicate<DeadLetter> isMatch, string? source) => Apply(
        description + Source(source),
        logEvent => logEvent.Message is DeadLetter letter && IsSource(logEvent, source) && isMatch(letter));

    private EventFilterApplier Apply(string description, Predicate<LogEvent> matches) =>
        new(kit, system, [.. filters, new LogEventFilter(description, matches)]);

    private static IEnumerable<Exception> Causes(Error error, bool checkInner)
    {
        for (Exception? cause = error.Cause; cause is not null; cause = checkInner ? cause.InnerException : null)
        {
            yield return cause;
        }
    }

    private static string Source(string? source) => source is null ? "" : $" from {source}";

    private static bool IsSource(LogEvent logEvent, string? source)
    {
        if (source is null || logEvent.LogSource == source)
        {
            return true;
        }
        // akka://system/user/a is also /user/a.
        string path = logEvent.LogSource ?? "";
        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        int root = scheme < 0 ? -1 : path.IndexOf('/', scheme + 3);
        return root > 0 && path.AsSpan(root).SequenceEqual(source);
    }
}

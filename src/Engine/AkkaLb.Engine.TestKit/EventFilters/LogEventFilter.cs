using Akka.Event;

namespace AkkaLb.Engine.TestKit;

/// <summary>Recognises log events.</summary>
internal sealed class LogEventFilter(string description, Predicate<LogEvent> matches)
{
    /// <summary>Raised in the logger's turn for each event that matches.</summary>
    public event Action? Matched;

    public bool Apply(LogEvent logEvent)
    {
        bool isMatch = matches(logEvent);
        if (isMatch)
        {
            Matched?.Invoke();
        }
        return isMatch;
    }

    public override string ToString() => description;
}

/// <summary>Puts filters to work in the system's <see cref="Akka.TestKit.TestEventListener"/>.</summary>
internal sealed record MuteEvents(IReadOnlyList<LogEventFilter> Filters);

/// <summary>Takes <see cref="MuteEvents"/> back.</summary>
internal sealed record UnmuteEvents(IReadOnlyList<LogEventFilter> Filters);

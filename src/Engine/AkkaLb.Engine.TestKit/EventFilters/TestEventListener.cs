using Akka.Actor;
using Akka.Event;
using AkkaLb.Engine.TestKit;

namespace Akka.TestKit;

/// <summary>A logger that counts the events which a test expects and prints the others. Dead and unhandled messages are warnings to it.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<LogEventFilter> filters = [];

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (Type type in (Type[])[typeof(MuteEvents), typeof(UnmuteEvents), typeof(DeadLetter), typeof(UnhandledMessage)])
                {
                    initialize.LoggingBus.Subscribe(Self, type);
                }
                Sender.Tell(new LoggerInitialized());
                return true;
            case MuteEvents mute:
                filters.AddRange(mute.Filters);
                return true;
            case UnmuteEvents unmute:
                filters.RemoveAll(unmute.Filters.Contains);
                return true;
            case DeadLetter letter:
                PrintUnlessFiltered(Warning(letter.Recipient, letter));
                return true;
            case UnhandledMessage unhandled:
                PrintUnlessFiltered(Warning(unhandled.Recipient, $"Unhandled message from {unhandled.Sender} : {unhandled.Message}"));
                return true;
            case LogEvent logEvent:
                PrintUnlessFiltered(logEvent);
                return true;
            default:
                return base.Receive(message);
        }
    }

    private static Warning Warning(IActorRef recipient, object message) => new(recipient.Path.ToString(), recipient.GetType(), message);

    private void PrintUnlessFiltered(LogEvent logEvent)
    {
        bool isFiltered = false;
        // Every filter gets to count, also when several wait for the same event.
        foreach (LogEventFilter filter in filters)
        {
            isFiltered |= filter.Apply(logEvent);
        }
        if (!isFiltered)
        {
            Print(logEvent);
        }
    }
}

using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs dead letters and unhandled messages, a number of them at a time.</summary>
internal sealed class DeadLetterListener : ActorBase
{
    private readonly EventStream _events = Context.System.EventStream;
    private readonly int _most = Context.System.Settings.LogDeadLetters;
    private int _count;
    private bool _quiet;
    private bool _resting;

    /// <summary>Says that dead letters are no news any more, because the system ends.</summary>
    internal sealed class Quiet
    {
        internal static readonly Quiet Instance = new();
    }

    private sealed class Resume
    {
        internal static readonly Resume Instance = new();
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Quiet:
                _quiet = true;
                return true;
            case Resume:
                _resting = false;
                _count = 0;
                return true;
            case UnhandledMessage unhandled:
                Log("Unhandled message", unhandled.Message, unhandled.Sender, unhandled.Recipient);
                return true;
            case AllDeadLetters letter:
                Log("Message", letter.Message, letter.Sender, letter.Recipient);
                return true;
            default:
                return false;
        }
    }

    private void Log(string what, object message, IActorRef? sender, IActorRef recipient)
    {
        if (_quiet || _resting) { return; }
        _count++;
        bool last = _most != int.MaxValue && _count >= _most;
        string from = sender is null || sender.Path == Context.System.DeadLetters.Path ? "without sender" : $"from {sender.Path}";
        string fate = what == "Message" ? "was not delivered" : "was not handled";
        string more = last ? ", no more dead letters will be logged" : "";
        _events.Publish(new Info(
            recipient.Path.ToString(),
            recipient.GetType(),
            $"{what} [{message.GetType().Name}] {from} to {recipient.Path} {fate}. [{_count}] dead letters encountered{more}. "
                + "If this is not an expected behavior then check whether the recipient has terminated. "
                + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'."));
        if (!last) { return; }
        _resting = true;
        TimeSpan rest = Context.System.Settings.LogDeadLettersSuspendDuration;
        if (rest > TimeSpan.Zero) { Context.System.Scheduler.ScheduleTellOnce(rest, Self, Resume.Instance, Self); }
    }
}

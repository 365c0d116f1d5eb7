using Akka.Actor;

namespace Akka.Event;

/// <summary>Marks messages whose loss is no news.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that did not reach its recipient.</summary>
public abstract class AllDeadLetters : IWrappedMessage
{
    /// <summary>A message with its sender and recipient.</summary>
    protected AllDeadLetters(object message, IActorRef? sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender!;
        Recipient = recipient;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>Who should have got it.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc />
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message to an actor that is no more.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>A message with its sender and recipient.</summary>
    public DeadLetter(object message, IActorRef? sender, IActorRef recipient) : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
    }
}

/// <summary>A lost message whose loss is no news.</summary>
public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef? sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>A message that was dropped, with the reason.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>A message with its reason, sender and recipient.</summary>
    public Dropped(object message, string reason, IActorRef? sender, IActorRef recipient) : base(message, sender, recipient) => Reason = reason;

    /// <summary>A message with its reason and recipient.</summary>
    public Dropped(object message, string reason, IActorRef recipient) : this(message, reason, ActorRefs.NoSender, recipient) { }

    /// <summary>Why it was dropped.</summary>
    public string Reason { get; }
}

/// <summary>A message that the behaviour of its actor did not handle.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient) : IWrappedMessage
{
    /// <summary>The message.</summary>
    public object Message => message;

    /// <summary>Who sent it.</summary>
    public IActorRef Sender => sender;

    /// <summary>Who got it.</summary>
    public IActorRef Recipient => recipient;

    /// <inheritdoc />
    public override string ToString() => $"UnhandledMessage from {sender} to {recipient}: <{message}>";
}

/// <summary>Sent to a logger at its start; it must answer <see cref="LoggerInitialized"/>.</summary>
public sealed class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    /// <summary>The bus.</summary>
    public LoggingBus LoggingBus => loggingBus;
}

/// <summary>The answer to <see cref="InitializeLogger"/>.</summary>
public sealed class LoggerInitialized : INoSerializationVerificationNeeded;

using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Event;

/// <summary>A logger that is no actor, for the time before and after the system's.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    /// <inheritdoc />
    public override IActorRefProvider Provider => throw new NotSupportedException("This logger does not support IActorRefProvider");

    /// <inheritdoc />
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    /// <inheritdoc />
    protected sealed override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case InitializeLogger:
                sender?.Tell(new LoggerInitialized(), this);
                break;
            case not null:
                Log(message);
                break;
        }
    }

    /// <summary>Writes an event.</summary>
    protected abstract void Log(object message);
}

/// <summary>Writes to standard output; errors and warnings in colour at a terminal.</summary>
public class StandardOutLogger : MinimalLogger
{
    /// <inheritdoc />
    protected override void Log(object message) => ConsoleLog.Write(message);

    /// <inheritdoc />
    public override string ToString() => "StandardOutLogger";
}

/// <summary>The logger actor that writes to standard output.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes an event.</summary>
    protected virtual void Print(LogEvent logEvent) => ConsoleLog.Write(logEvent);
}

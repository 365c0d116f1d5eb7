namespace Akka.Actor;

/// <summary>The root of the engine's exceptions.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>An exception without a message.</summary>
    protected AkkaException() { }

    /// <summary>An exception with its message and cause.</summary>
    protected AkkaException(string message, Exception? cause = null) : base(message, cause) { }

    /// <summary>The exception below.</summary>
    protected Exception? Cause => InnerException;
}

/// <summary>An actor could not be created; its supervisor stops it by default.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>An exception without a message.</summary>
    public ActorInitializationException() { }

    /// <summary>An exception with its message.</summary>
    public ActorInitializationException(string message) : base(message) { }

    /// <summary>An exception with its message and cause.</summary>
    public ActorInitializationException(string message, Exception? cause) : base(message, cause) { }

    /// <summary>An exception about an actor.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor;

    /// <summary>The actor, when known.</summary>
    public IActorRef? Actor { get; set; }

    /// <inheritdoc />
    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>An actor got <see cref="Kill"/>; its supervisor stops it by default.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>An exception without a message.</summary>
    public ActorKilledException() { }

    /// <summary>An exception with its message.</summary>
    public ActorKilledException(string message) : base(message) { }
}

/// <summary>An actor did not handle <see cref="Terminated"/> of an actor it watches.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"Monitored actor [{deadActor}] terminated")
{
    /// <summary>The watched actor.</summary>
    public IActorRef DeadActor => deadActor;
}

/// <summary>The name of an actor is not allowed or taken.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>An exception with its message.</summary>
    public InvalidActorNameException(string message) : base(message) { }

    /// <summary>An exception with its message and cause.</summary>
    public InvalidActorNameException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A message is null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>An exception with a standard message.</summary>
    public InvalidMessageException() : this("Message is null.") { }

    /// <summary>An exception with its message.</summary>
    public InvalidMessageException(string message) : base(message) { }
}

/// <summary><c>PreRestart</c> threw.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : AkkaException($"Exception in PreRestart of {actor}, which restarts because of [{cause?.Message}]", restartException)
{
    /// <summary>The actor.</summary>
    public IActorRef Actor { get; set; } = actor;

    /// <summary>What the hook threw.</summary>
    public Exception RestartException => InnerException!;

    /// <summary>The message in hand when the actor failed.</summary>
    public object? OptionalMessage => optionalMessage;
}

/// <summary>The constructor or <c>PostRestart</c> threw while the actor was restarted.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"Exception post restart ({originalCause?.GetType().Name ?? "null"}: {originalCause?.Message})", cause)
{
    /// <summary>Why the actor was restarted.</summary>
    public Exception? OriginalCause => originalCause;
}

/// <summary>No answer came in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>A selection matched no actor.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>An exception with a standard message.</summary>
    public ActorNotFoundException() : base("Actor not found.") { }

    /// <summary>An exception with its message and cause.</summary>
    public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The state of the actor does not allow the call.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A logger did not start.</summary>
public class LoggerInitializationException : AkkaException
{
    /// <summary>An exception without a message.</summary>
    public LoggerInitializationException() { }

    /// <summary>An exception with its message.</summary>
    public LoggerInitializationException(string message) : base(message) { }

    /// <summary>An exception with its message and cause.</summary>
    public LoggerInitializationException(string message, Exception? cause = null) : base(message, cause) { }
}

/// <summary>The scheduler cannot do what is asked.</summary>
public sealed class SchedulerException(string message) : AkkaException(message);

/// <summary>A bounded stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

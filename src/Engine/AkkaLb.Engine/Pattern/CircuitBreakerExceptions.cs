using Akka.Actor;

namespace Akka.Pattern;

/// <summary>A call was refused because the circuit breaker is open.</summary>
public class OpenCircuitException : AkkaException
{
    /// <summary>An exception with a standard message.</summary>
    public OpenCircuitException() : this("Circuit Breaker is open; calls are failing fast") { }

    /// <summary>An exception with its message.</summary>
    public OpenCircuitException(string message) : base(message) { }

    /// <summary>An exception with its cause and how long the breaker stays open.</summary>
    public OpenCircuitException(Exception? cause, TimeSpan remainingDuration)
        : base("Circuit Breaker is open; calls are failing fast" + (cause is null ? "" : $" because of: {cause.Message}"), cause) =>
        RemainingDuration = remainingDuration;

    /// <summary>How long the breaker stays open, as far as it is known.</summary>
    public TimeSpan RemainingDuration { get; }
}

/// <summary>Somebody told the circuit breaker of a failure.</summary>
public class UserCalledFailException : AkkaException
{
    /// <summary>An exception with a standard message.</summary>
    public UserCalledFailException() : base("User code caused CircuitBreaker to fail by calling the Fail method.") { }
}

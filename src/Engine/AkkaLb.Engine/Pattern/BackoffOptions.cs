using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Makes the options of a <see cref="BackoffSupervisor"/>.</summary>
public static class Backoff
{
    /// <summary>Starts the child again when it stops, after a time that doubles from <paramref name="minBackoff"/> to <paramref name="maxBackoff"/>.</summary>
    /// <param name="randomFactor">Share of the time by which it is lengthened at random, at least 0.</param>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        new BackoffOnStopOptions(childProps, childName, minBackoff, maxBackoff, randomFactor);

    /// <summary>Starts the child again when it stops, at most <paramref name="maxNrOfRetries"/> times; -1 for no bound.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>How a <see cref="BackoffSupervisor"/> works.</summary>
public abstract class BackoffOptions
{
    /// <summary>Forgets earlier stops when the child has run for a time; by default <c>minBackoff</c>.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>Forgets earlier stops at <see cref="BackoffSupervisor.Reset"/> only.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Supervises the child otherwise than by default.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Stops the child at every failure, so that each start is delayed.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>Gives up after so many starts; -1 for no bound.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answers messages that come while the child is down, in place of sending them to the dead letters.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    internal abstract Props Props { get; }
}

internal sealed class BackoffOnStopOptions(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) : BackoffOptions
{
    private TimeSpan? _reset = minBackoff;
    private OneForOneStrategy _strategy = new(SupervisorStrategy.DefaultDecider);
    private int _maxRetries = -1;
    private object? _reply;

    internal override Props Props
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
            ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
            return Props.Create(typeof(BackoffSupervisor), new BackoffPlan(childProps, childName, minBackoff, maxBackoff, _reset, randomFactor, _strategy, _maxRetries, _reply));
        }
    }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(() => _reset = resetBackoff);

    public override BackoffOptions WithManualReset() => With(() => _reset = null);

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => With(() => _strategy = supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() => With(() => _strategy = new OneForOneStrategy(static _ => Directive.Stop));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => With(() => _maxRetries = maxNrOfRetries);

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => With(() => _reply = replyWhileStopped);

    private BackoffOnStopOptions With(Action change)
    {
        change();
        return this;
    }
}

/// <param name="Reset">Time of running after which earlier stops are forgotten; null for never.</param>
/// <param name="MaxRetries">Starts after which the supervisor stops; negative for no bound.</param>
internal sealed record BackoffPlan(
    Props Child, string Name, TimeSpan Min, TimeSpan Max, TimeSpan? Reset, double RandomFactor, OneForOneStrategy Strategy, int MaxRetries, object? ReplyWhileStopped);

using Akka.Actor.Internal;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>What a supervisor does about a failed child.</summary>
public enum Directive
{
    /// <summary>Go on with the state as it is.</summary>
    Resume,

    /// <summary>Go on with a new instance.</summary>
    Restart,

    /// <summary>Fail as the child did.</summary>
    Escalate,

    /// <summary>End the child.</summary>
    Stop,
}

/// <summary>Makes pairs of an exception type and a directive.</summary>
public static class DirectiveExtensions
{
    /// <summary>The pair of <typeparamref name="TException"/> and the directive.</summary>
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self) where TException : Exception => new(typeof(TException), self);
}

/// <summary>Chooses a directive for an exception.</summary>
public interface IDecider
{
    /// <summary>The directive.</summary>
    Directive Decide(Exception cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>A decider from a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);

    /// <summary>A decider from pairs of exception types and directives.</summary>
    public static DeployableDecider From(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) => new(defaultDirective, pairs);

    /// <summary>A decider from pairs of exception types and directives.</summary>
    public static DeployableDecider From(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs) => new(defaultDirective, pairs);
}

/// <summary>A decider from a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc />
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>A decider from pairs of exception types and directives; the first type that fits counts.</summary>
public class DeployableDecider : IDecider
{
    /// <summary>A decider from pairs.</summary>
    public DeployableDecider(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs) : this(defaultDirective, pairs.ToArray()) { }

    /// <summary>A decider from pairs.</summary>
    public DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs)
    {
        DefaultDirective = defaultDirective;
        Pairs = pairs;
    }

    /// <summary>The directive for every other exception.</summary>
    public Directive DefaultDirective { get; }

    /// <summary>The pairs.</summary>
    public KeyValuePair<Type, Directive>[] Pairs { get; }

    /// <inheritdoc />
    public Directive Decide(Exception cause)
    {
        foreach ((Type type, Directive directive) in Pairs)
        {
            if (type.IsInstanceOfType(cause)) { return directive; }
        }
        return DefaultDirective;
    }
}

/// <summary>How a parent handles the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops a child that could not be created, was killed or broke a death pact, and restarts any other.</summary>
    public static IDecider DefaultDecider = Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>One for one with <see cref="DefaultDecider"/>, without a bound on restarts.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    /// <summary>What chooses the directive.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are logged.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>Chooses the directive.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Stops or restarts the child, and what goes with it.</summary>
    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>Called when a child has ended.</summary>
    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children);

    /// <summary>Applies the strategy; false escalates.</summary>
    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        Directive directive = Handle(child, cause);
        switch (directive)
        {
            case Directive.Resume:
                LogFailure(cell, child, cause, directive);
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
                LogFailure(cell, child, cause, directive);
                ProcessFailure(cell, true, child, cause, stats, children);
                return true;
            case Directive.Stop:
                LogFailure(cell, child, cause, directive);
                ProcessFailure(cell, false, child, cause, stats, children);
                return true;
            default:
                LogFailure(cell, child, cause, directive);
                return false;
        }
    }

    /// <summary>Lets a failed child go on.</summary>
    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    /// <summary>Restarts a child; one that has not failed itself must be suspended first.</summary>
    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        IInternalActorRef target = (IInternalActorRef)child;
        if (suspendFirst) { target.Suspend(); }
        target.Restart(cause);
    }

    /// <summary>Logs a failure: a warning for a resumed child, an error for a stopped or restarted one, nothing when escalated.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled) { return; }
        string message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        string source = child.Path.ToString();
        switch (directive)
        {
            case Directive.Resume:
                context.System.EventStream.Publish(new Warning(source, GetType(), message));
                break;
            case Directive.Escalate:
                break;
            default:
                context.System.EventStream.Publish(new Error(cause, source, GetType(), message));
                break;
        }
    }
}

/// <summary>The directive concerns the failed child only.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    private readonly RestartBound _bound;
    private readonly IDecider _decider;

    /// <summary>The default decider, without a bound on restarts.</summary>
    protected OneForOneStrategy() : this(DefaultDecider) { }

    /// <summary>A decider, without a bound on restarts.</summary>
    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider) { }

    /// <summary>A decider, without a bound on restarts.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider) { }

    /// <summary>A decider, without a bound on restarts.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true) : this(-1, -1, localOnlyDecider, loggingEnabled) { }

    /// <summary>At most so many restarts within the time; null for no bound.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, RestartBound.Milliseconds(withinTimeRange), decider) { }

    /// <summary>At most so many restarts within the time; null for no bound.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, RestartBound.Milliseconds(withinTimeRange), localOnlyDecider) { }

    /// <summary>At most so many restarts within the time; negative for no bound.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled) { }

    /// <summary>At most so many restarts within the time; negative for no bound.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        _bound = new RestartBound(maxNrOfRetries, withinTimeMilliseconds);
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Restarts allowed, negative for no bound.</summary>
    public int MaxNumberOfRetries => _bound.MaxRetries;

    /// <summary>The time that counts, negative for all time.</summary>
    public int WithinTimeRangeMilliseconds => _bound.WithinMilliseconds;

    /// <inheritdoc />
    public override IDecider Decider => _decider;

    /// <summary>The same with another bound.</summary>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, WithinTimeRangeMilliseconds, _decider, LoggingEnabled);

    /// <inheritdoc />
    protected override Directive Handle(IActorRef child, Exception exception) => _decider.Decide(exception);

    /// <inheritdoc />
    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && _bound.Permits(stats)) { RestartChild(child, cause, suspendFirst: false); }
        else { context.Stop(child); }
    }

    /// <inheritdoc />
    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children) { }
}

/// <summary>The directive concerns all children.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    private readonly RestartBound _bound;
    private readonly IDecider _decider;

    /// <summary>The default decider, without a bound on restarts.</summary>
    protected AllForOneStrategy() : this(DefaultDecider) { }

    /// <summary>A decider, without a bound on restarts.</summary>
    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider) { }

    /// <summary>A decider, without a bound on restarts.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider) { }

    /// <summary>At most so many restarts within the time; null for no bound.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, RestartBound.Milliseconds(withinTimeRange), decider) { }

    /// <summary>At most so many restarts within the time; null for no bound.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, RestartBound.Milliseconds(withinTimeRange), localOnlyDecider) { }

    /// <summary>At most so many restarts within the time; negative for no bound.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled) { }

    /// <summary>At most so many restarts within the time; negative for no bound.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        _bound = new RestartBound(maxNrOfRetries, withinTimeMilliseconds);
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Restarts allowed, negative for no bound.</summary>
    public int MaxNumberOfRetries => _bound.MaxRetries;

    /// <summary>The time that counts, negative for all time.</summary>
    public int WithinTimeRangeMilliseconds => _bound.WithinMilliseconds;

    /// <inheritdoc />
    public override IDecider Decider => _decider;

    /// <inheritdoc />
    protected override Directive Handle(IActorRef child, Exception exception) => _decider.Decide(exception);

    /// <inheritdoc />
    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && children.All(_bound.Permits))
        {
            foreach (ChildRestartStats each in children) { RestartChild(each.Child, cause, suspendFirst: !child.Equals(each.Child)); }
        }
        else
        {
            foreach (ChildRestartStats each in children) { context.Stop(each.Child); }
        }
    }

    /// <inheritdoc />
    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children) { }
}

/// <summary>Makes a strategy that a configuration names.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>Makes the strategy.</summary>
    public abstract SupervisorStrategy Create();

    /// <summary>Makes the configurator of that type.</summary>
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName) =>
        TypeResolver.Create<SupervisorStrategyConfigurator>(typeName);
}

/// <summary>Names <see cref="SupervisorStrategy.DefaultStrategy"/>.</summary>
public sealed class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>Names <see cref="SupervisorStrategy.StoppingStrategy"/>.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}

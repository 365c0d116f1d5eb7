using Akka.Actor;
using Akka.Event;
using AkkaLb.Engine;

namespace Akka.Pattern;

/// <summary>
/// Starts its child again when it stops, each time later: for children that stop because what they need is away, as
/// persistent actors do when their journal fails.
/// </summary>
public sealed class BackoffSupervisor : ActorBase
{
    private readonly BackoffPlan _plan;
    private IActorRef? _child;
    private int _restarts;

    internal BackoffSupervisor(BackoffPlan plan) => _plan = plan;

    /// <summary>The props of a supervisor.</summary>
    public static Props Props(BackoffOptions options) => options.Props;

    /// <summary>The props of a supervisor that starts its child again when it stops.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).Props;

    /// <inheritdoc />
    protected override void PreStart() => StartTheChild();

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _plan.Strategy;

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                ChildStopped();
                break;
            case StartChild:
                StartTheChild();
                break;
            case ResetRestartCount reset:
                if (reset.Current == _restarts) { _restarts = 0; }
                break;
            case Reset:
                if (_plan.Reset is not null) { return false; }
                _restarts = 0;
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody));
                break;
            default:
                Relay(message);
                break;
        }
        return true;
    }

    private void Relay(object message)
    {
        if (_child is not null && _child.Equals(Sender)) { Context.Parent.Forward(message); }
        else if (_child is not null) { _child.Forward(message); }
        else if (_plan.ReplyWhileStopped is not null) { Sender.Tell(_plan.ReplyWhileStopped); }
        else { Context.System.DeadLetters.Forward(message); }
    }

    private void ChildStopped()
    {
        _child = null;
        if (_plan.MaxRetries >= 0 && _restarts >= _plan.MaxRetries)
        {
            Context.Stop(Self);
            return;
        }
        double factor = Math.Pow(2, Math.Min(_restarts, 30)) * (1 + _plan.RandomFactor * Jitter.Share());
        TimeSpan delay = _plan.Min * factor < _plan.Max ? _plan.Min * factor : _plan.Max;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, StartChild.Instance, Self);
        _restarts++;
    }

    private void StartTheChild()
    {
        if (_child is not null) { return; }
        _child = Context.Watch(Context.ActorOf(_plan.Child, _plan.Name));
        if (_plan.Reset is { } reset) { Context.System.Scheduler.ScheduleTellOnce(reset, Self, new ResetRestartCount(_restarts), Self); }
    }

    /// <summary>Asks for the child.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The message.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild() { }
    }

    /// <summary>The child; nobody while it is down.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        /// <summary>The child.</summary>
        public IActorRef Ref => @ref;
    }

    /// <summary>Forgets earlier stops.</summary>
    public sealed class Reset
    {
        /// <summary>The message.</summary>
        public static readonly Reset Instance = new();

        private Reset() { }
    }

    /// <summary>Asks how often the child was started again.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The message.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount() { }
    }

    /// <summary>How often the child was started again since the last reset.</summary>
    public sealed class RestartCount(int count)
    {
        /// <summary>The number of starts.</summary>
        public int Count => count;
    }

    /// <summary>Starts the child, from a timer.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        /// <summary>The message.</summary>
        public static readonly StartChild Instance = new();

        private StartChild() { }
    }

    /// <summary>Forgets earlier stops unless there was one since.</summary>
    public sealed class ResetRestartCount(int current) : IDeadLetterSuppression
    {
        /// <summary>The number of starts when the timer began.</summary>
        public int Current => current;
    }
}

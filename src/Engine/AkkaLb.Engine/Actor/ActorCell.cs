using System.Runtime.ExceptionServices;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using AkkaLb.Engine;
using Debug = Akka.Event.Debug;

namespace Akka.Actor;

/// <summary>An actor in this process: its mailbox, behaviour, children, watches and faults.</summary>
/// <remarks>What few actors use lives in <see cref="CellExtras"/>, made at first use.</remarks>
internal partial class ActorCell : ActorMailbox, IUntypedActorContext
{
    private readonly ActorSystemImpl _system;
    private readonly IInternalActorRef _self;
    private readonly IInternalActorRef _parent;
    private readonly Props _props;
    private ActorBase? _actor;
    private object? _message;
    private IActorRef? _sender;
    private Receive? _behavior;
    private CellExtras? _extras;
    private bool _passesBehavior;
    private bool _failed;
    private bool _hasReceiveTimeout;

    internal ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
        : base(dispatcher)
    {
        _system = system;
        _self = self;
        _props = props;
        _parent = parent;
    }

    /// <summary>The cell whose turn it is on this thread.</summary>
    internal static ActorCell? Current
    {
        get => WorkerState.Current.Cell;
        set => WorkerState.Current.Cell = value;
    }

    public IActorRef Self => _self;
    public IActorRef Sender => _sender ?? _system.DeadLetters;
    public Props Props => _props;
    public ActorSystem System => _system;
    public IInternalActorRef Parent => _parent;
    IActorRef IActorContext.Parent => _parent;
    internal ActorSystemImpl SystemImpl => _system;
    internal ActorBase? Actor => _actor;
    internal object? CurrentMessage => _message;
    internal IActorRef? CurrentSender => _sender;
    internal bool IsTerminated => IsClosed;
    private CellExtras Extras => _extras ??= new CellExtras();

    /// <summary>Counts messages, so that a stash can tell that it was asked twice about the same one.</summary>
    internal long MessageNumber { get; private set; }

    /// <summary>Lets the actor begin: it is created in its own first turn.</summary>
    internal virtual void Start()
    {
        EnqueueSystem(new Create(null));
        Dispatcher.Execute(this, WorkerState.Current);
    }

    protected override void InvokeUser(object message, IActorRef? sender)
    {
        _message = message;
        _sender = sender;
        MessageNumber++;
        if (_hasReceiveTimeout) { BeforeMessage(message); }
        try
        {
            if (message is IAutoReceivedMessage) { AutoReceive(message); }
            else { ReceiveMessage(message); }
            if (_extras is null || _extras.Awaiting == 0) { EndMessage(); }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        if (_hasReceiveTimeout) { AfterMessage(); }
    }

    /// <summary>Puts messages in front of the mailbox.</summary>
    internal void Prepend(IEnumerable<Envelope> envelopes) => PrependUser(envelopes);

    private void EndMessage()
    {
        _message = null;
        _sender = null;
    }

    /// <summary>Passes a message to the behaviour.</summary>
    internal void ReceiveMessage(object message)
    {
        ActorBase actor = _actor!;
        Receive? behavior = _behavior;
        bool handled = _passesBehavior ? actor.AroundReceive(behavior ?? actor.ReceiveDirect, message)
            : behavior is null ? actor.ReceiveDirect(message)
            : behavior(message);
        if (!handled) { actor.UnhandledDirect(message); }
    }

    /// <summary>Handles one message at once on the calling thread; for test references only.</summary>
    internal void ReceiveMessageForTest(Envelope envelope)
    {
        ActorCell? previous = Current;
        Current = this;
        _message = envelope.Message;
        _sender = envelope.Sender;
        try
        {
            ReceiveMessage(envelope.Message);
        }
        finally
        {
            EndMessage();
            Current = previous;
        }
    }

    private void AutoReceive(object message)
    {
        if (_system.Settings.DebugAutoReceive) { PublishDebug($"received AutoReceiveMessage {message} from {Sender}"); }
        switch (message)
        {
            case TimerMessage timer:
                if (_extras?.Timers?.Accept(timer) == true) { ReceiveMessage(timer.Message); }
                break;
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case ActorSelectionMessage selection:
                AkkaLb.Engine.SelectionDelivery.Deliver(_self, selection, _sender);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    internal void PublishUnhandled(object message)
    {
        if (message is Terminated terminated) { throw new DeathPactException(terminated.ActorRef); }
        _system.EventStream.Publish(new UnhandledMessage(message, Sender, _self));
    }

    protected override void UndeliveredUser(object message, IActorRef? sender) => _system.DeadLetterRef.Deliver(message, sender, _self);

    protected override void UndeliveredSystem(SystemMessage message) => DeadLetterActorRef.Answer(message);

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        if (_behavior is not null) { (Extras.Behaviors ??= new()).Push(_behavior); }
        _behavior = receive;
    }

    public void UnbecomeStacked() => _behavior = _extras?.Behaviors is { Count: > 0 } below ? below.Pop() : null;

    public void Become(UntypedReceive receive) => Become(Handled(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    private static Receive Handled(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    public ActorSelection ActorSelection(string actorPath) => SelectionDelivery.Select(_system, _self, actorPath);

    public ActorSelection ActorSelection(ActorPath actorPath) => SelectionDelivery.Select(_system, actorPath);

    private void PublishDebug(string text)
    {
        if (_system.EventStream.LogLevel <= LogLevel.DebugLevel)
        {
            _system.EventStream.Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? _props.Type, text));
        }
    }

    private void PublishError(Exception? cause, string text) =>
        _system.EventStream.Publish(new Error(cause, _self.Path.ToString(), _actor?.GetType() ?? _props.Type, text));

    private static void Rethrow(Exception cause) => ExceptionDispatchInfo.Throw(cause);
}

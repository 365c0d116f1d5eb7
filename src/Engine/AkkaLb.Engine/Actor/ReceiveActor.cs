using Akka.Dispatch;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>An actor with a handler for each type of message, declared in its constructor and in <c>Become</c>.</summary>
public abstract class ReceiveActor : UntypedActor
{
    private readonly HandlerList _initial = new();
    private HandlerList? _configuring;

    /// <summary>Opens the declaration of handlers.</summary>
    protected ReceiveActor() => _configuring = _initial;

    /// <inheritdoc />
    protected sealed override void OnReceive(object message)
    {
        if (!_initial.Handle(message)) { Unhandled(message); }
    }

    /// <summary>Replaces the handlers by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Cell.Become(Configure(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> declares on top of the present ones.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configure(configure));

    /// <summary>Handles messages of a type, when they match.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(handler, shouldHandle), typeof(T), shouldHandle is null);

    /// <summary>Handles messages of a type that match.</summary>
    protected void Receive<T>(Predicate<T>? shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type; false passes the message on to the next handler.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(new FunctionHandler<T>(handler), typeof(T), false);

    /// <summary>Handles messages of a type, when they match.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, handler, shouldHandle), messageType, shouldHandle is null);

    /// <summary>Handles messages of a type that match.</summary>
    protected void Receive(Type messageType, Predicate<object>? shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of a type; false passes the message on to the next handler.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) => Add(new TypeFunctionHandler(messageType, handler), messageType, false);

    /// <summary>Handles messages of a type asynchronously; the next message waits for the end.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new AsyncHandler<T>(Cell, handler, shouldHandle), typeof(T), shouldHandle is null);

    /// <summary>Handles messages of a type that match asynchronously; the next message waits for the end.</summary>
    protected void ReceiveAsync<T>(Predicate<T>? shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type asynchronously; the next message waits for the end.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null)
    {
        ActorCell cell = Cell;
        Receive(messageType, message => cell.RunHandler(handler, message), shouldHandle);
    }

    /// <summary>Handles messages of a type that match asynchronously; the next message waits for the end.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object>? shouldHandle, Func<object, Task> handler) => ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles every message; must come last.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Handles every message asynchronously; must come last.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    private Receive Configure(Action configure)
    {
        HandlerList? outer = _configuring;
        HandlerList handlers = new();
        _configuring = handlers;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }
        return handlers.Handle;
    }

    private void Add(MessageHandler handler, Type type, bool always)
    {
        if (_configuring is null)
        {
            throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        }
        _configuring.Add(handler, catchesAll: always && type == typeof(object));
    }

    internal override void ConstructionEnded() => _configuring = null;
}

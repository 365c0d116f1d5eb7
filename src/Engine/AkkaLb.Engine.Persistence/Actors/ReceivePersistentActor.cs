using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Persistence;

/// <summary>A persistent actor with a handler for each type of event and command, declared in its constructor and in <c>Become</c>.</summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly HandlerList _recoverers = new();
    private readonly HandlerList _initial = new();
    private HandlerList? _configuring;

    /// <summary>Opens the declaration of handlers.</summary>
    protected ReceivePersistentActor() => _configuring = _initial;

    /// <inheritdoc />
    protected sealed override void OnCommand(object message)
    {
        if (!_initial.Handle(message)) { Unhandled(message); }
    }

    /// <inheritdoc />
    protected sealed override void OnRecover(object message)
    {
        if (!_recoverers.Handle(message)) { Unhandled(message); }
    }

    /// <summary>Replaces the handlers of commands by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Context.Become(Configure(configure));

    /// <summary>Puts the handlers of commands that <paramref name="configure"/> declares on top of the present ones.</summary>
    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Configure(configure));

    /// <summary>Handles replayed events of a type, when they match; also <see cref="SnapshotOffer"/> and <see cref="RecoveryCompleted"/>.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        AddRecoverer(new ActionHandler<T>(handler, shouldHandle), typeof(T), shouldHandle is null);

    /// <summary>Handles replayed events of a type that match.</summary>
    protected void Recover<T>(Predicate<T>? shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Handles replayed events of a type; false passes the event on to the next handler.</summary>
    protected void Recover<T>(Func<T, bool> handler) => AddRecoverer(new FunctionHandler<T>(handler), typeof(T), false);

    /// <summary>Handles replayed events of a type, when they match.</summary>
    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        AddRecoverer(new TypeHandler(messageType, handler, shouldHandle), messageType, shouldHandle is null);

    /// <summary>Handles replayed events of a type that match.</summary>
    protected void Recover(Type messageType, Predicate<object>? shouldHandle, Action<object> handler) => Recover(messageType, handler, shouldHandle);

    /// <summary>Handles replayed events of a type; false passes the event on to the next handler.</summary>
    protected void Recover(Type messageType, Func<object, bool> handler) => AddRecoverer(new TypeFunctionHandler(messageType, handler), messageType, false);

    /// <summary>Handles every replayed event; must come last.</summary>
    protected void RecoverAny(Action<object> handler) => Recover(handler);

    /// <summary>Handles commands of a type, when they match.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(handler, shouldHandle), typeof(T), shouldHandle is null);

    /// <summary>Handles commands of a type that match.</summary>
    protected void Command<T>(Predicate<T>? shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Handles commands of a type; false passes the command on to the next handler.</summary>
    protected void Command<T>(Func<T, bool> handler) => Add(new FunctionHandler<T>(handler), typeof(T), false);

    /// <summary>Handles commands of a type, when they match.</summary>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new TypeHandler(messageType, handler, shouldHandle), messageType, shouldHandle is null);

    /// <summary>Handles commands of a type that match.</summary>
    protected void Command(Type messageType, Predicate<object>? shouldHandle, Action<object> handler) => Command(messageType, handler, shouldHandle);

    /// <summary>Handles commands of a type; false passes the command on to the next handler.</summary>
    protected void Command(Type messageType, Func<object, bool> handler) => Add(new TypeFunctionHandler(messageType, handler), messageType, false);

    /// <summary>Handles every command; must come last.</summary>
    protected void Command(Action<object> handler) => Command(handler, shouldHandle: null);

    /// <summary>Handles every command; must come last.</summary>
    protected void CommandAny(Action<object> handler) => Command(handler);

    /// <summary>Handles commands of a type asynchronously; the next command waits for the end.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) => Command(message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles commands of a type that match asynchronously; the next command waits for the end.</summary>
    protected void CommandAsync<T>(Predicate<T>? shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    /// <summary>Handles commands of a type asynchronously; the next command waits for the end.</summary>
    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Command(messageType, message => RunTask(() => handler(message)), shouldHandle);

    /// <summary>Handles commands of a type that match asynchronously; the next command waits for the end.</summary>
    protected void CommandAsync(Type messageType, Predicate<object>? shouldHandle, Func<object, Task> handler) => CommandAsync(messageType, handler, shouldHandle);

    /// <summary>Handles every command asynchronously; must come last.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAsync(handler);

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

    private void Add(MessageHandler handler, Type type, bool always) => Open().Add(handler, catchesAll: always && type == typeof(object));

    private void AddRecoverer(MessageHandler handler, Type type, bool always)
    {
        _ = Open();
        _recoverers.Add(handler, catchesAll: always && type == typeof(object));
    }

    private HandlerList Open() => _configuring
        ?? throw new InvalidOperationException("You may only call Command- and Recover-methods when constructing the actor and inside Become().");

    internal override void ConstructionEnded() => _configuring = null;
}

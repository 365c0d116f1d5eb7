using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>The handlers of one behaviour, tried in the order of declaration.</summary>
internal sealed class HandlerList
{
    private MessageHandler? _first;
    private MessageHandler? _last;
    private bool _catchesAll;

    internal void Add(MessageHandler handler, bool catchesAll)
    {
        if (_catchesAll)
        {
            throw new InvalidOperationException(
                "A handler that catches all messages has been added. No handler can be added after that.");
        }
        _catchesAll = catchesAll;
        if (_last is null) { _first = handler; }
        else { _last.Next = handler; }
        _last = handler;
    }

    internal bool Handle(object message)
    {
        for (MessageHandler? handler = _first; handler is not null; handler = handler.Next)
        {
            if (handler.TryHandle(message)) { return true; }
        }
        return false;
    }
}

/// <summary>One declared handler.</summary>
internal abstract class MessageHandler
{
    internal MessageHandler? Next;

    internal abstract bool TryHandle(object message);
}

internal sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TryHandle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) { return false; }
        handler(typed);
        return true;
    }
}

internal sealed class FunctionHandler<T>(Func<T, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => message is T typed && handler(typed);
}

internal sealed class TypeHandler(Type type, Action<object> handler, Predicate<object>? shouldHandle) : MessageHandler
{
    internal override bool TryHandle(object message)
    {
        if (!type.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message))) { return false; }
        handler(message);
        return true;
    }
}

internal sealed class TypeFunctionHandler(Type type, Func<object, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => type.IsInstanceOfType(message) && handler(message);
}

internal sealed class AsyncHandler<T>(ActorCell cell, Func<T, Task> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TryHandle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) { return false; }
        cell.RunHandler(handler, typed);
        return true;
    }
}

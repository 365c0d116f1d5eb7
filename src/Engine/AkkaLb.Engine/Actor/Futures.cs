using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>Questions: a message whose answer completes a task.</summary>
/// <remarks>
/// <see cref="Status.Failure"/> faults the task unless the question's type admits it; no answer in time faults it with
/// <see cref="AskTimeoutException"/>. A null time-out stands for <c>akka.actor.ask-timeout</c>, infinite by default.
/// </remarks>
public static class Futures
{
    /// <summary>Asks for an answer of any type.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of any type.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks for an answer of any type.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) => self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for an answer of a type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of a type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for an answer of a type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        AskRef<T> ask = Make<T>(self, timeout, cancellationToken);
        self.Tell(message, ask);
        return ask.Task;
    }

    /// <summary>Asks with a message that carries the reference to answer to.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        AskRef<T> ask = Make<T>(self, timeout, cancellationToken);
        self.Tell(messageFactory(ask), ask);
        return ask.Task;
    }

    private static AskRef<T> Make<T>(ICanTell target, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        IActorRefProvider provider = Provider(target);
        AskRef<T> ask = new(provider);
        TimeSpan limit = timeout ?? provider.Settings.AskTimeout;
        if (limit > TimeSpan.Zero || cancellationToken.CanBeCanceled) { ask.Limit(limit, cancellationToken); }
        return ask;
    }

    internal static IActorRefProvider Provider(ICanTell target) => target switch
    {
        LocalActorRef local => local.Provider,
        ActorSelection selection => Provider(selection.Anchor),
        Nobody => ActorCell.Current?.SystemImpl.Provider ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(target)),
        IInternalActorRef other => other.Provider,
        _ => ActorCell.Current?.SystemImpl.Provider ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(target)),
    };
}

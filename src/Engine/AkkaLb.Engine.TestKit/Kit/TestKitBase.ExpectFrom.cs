using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects a message of a type from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, From<T>(sender, null, hint), duration, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message that equals another, from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, From(sender, Equal(message, hint), hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds, from a sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, From(sender, Satisfies(isMessage, hint), hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message and sender for which the predicates hold.</summary>
    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Satisfies<T>((message, sender) => isSender(sender) && isMessage(message), hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type from a sender and passes it to <paramref name="assertMessage"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, From<T>(sender, (message, _) => assertMessage(message), hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type and passes sender and message to the assertions.</summary>
    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Both(assertSender, assertMessage), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, From<T>(sender, null, hint), duration, hint, cancellationToken);

    /// <summary>Expects a message that equals another, from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, From(sender, Equal(message, hint), hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds, from a sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, From(sender, Satisfies(isMessage, hint), hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message and sender for which the predicates hold.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Satisfies<T>((message, sender) => isSender(sender) && isMessage(message), hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message of a type from a sender and passes it to <paramref name="assertMessage"/>.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, From<T>(sender, (message, _) => assertMessage(message), hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message of a type and passes sender and message to the assertions.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Both(assertSender, assertMessage), timeout, hint, cancellationToken);

    private Action<T, IActorRef> From<T>(IActorRef expected, Action<T, IActorRef>? assert, string? hint) => (message, sender) =>
    {
        if (!expected.Equals(sender))
        {
            Fail($"expected a message from {expected}, but received {message} from {sender}", hint);
        }
        assert?.Invoke(message, sender);
    };

    private static Action<T, IActorRef> Both<T>(Action<IActorRef> assertSender, Action<T> assertMessage) => (message, sender) =>
    {
        assertSender(sender);
        assertMessage(message);
    };
}

using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects a message of a type.</summary>
    /// <param name="duration">How long to wait.</param>
    /// <param name="hint">What to add to the error.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(true, null, duration, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message that equals another.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Equal(message, hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message that <paramref name="comparer"/> finds equal to another.</summary>
    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Equal(expected, comparer, hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Satisfies(isMessage, hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message for which, with its sender, <paramref name="isMessageAndSender"/> holds.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Satisfies(isMessageAndSender, hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type and passes it to <paramref name="assert"/>.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(true, (message, _) => assert(message), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type and passes it with its sender to <paramref name="assertMessageAndSender"/>.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, assertMessageAndSender, timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message of a type.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(false, null, duration, hint, cancellationToken);

    /// <summary>Expects a message that equals another.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Equal(message, hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message that <paramref name="comparer"/> finds equal to another.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Equal(expected, comparer, hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Satisfies(isMessage, hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which, with its sender, <paramref name="isMessageAndSender"/> holds.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Satisfies(isMessageAndSender, hint), timeout, hint, cancellationToken);

    /// <summary>Expects a message of a type and passes it to <paramref name="assert"/>.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(false, (message, _) => assert(message), timeout, hint, cancellationToken);

    /// <summary>Expects a message of a type and passes it with its sender to <paramref name="assertMessageAndSender"/>.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, assertMessageAndSender, timeout, hint, cancellationToken);

    /// <summary>Expects that a watched actor stops.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(true, Ended(target, hint), timeout, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects that a watched actor stops.</summary>
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(false, Ended(target, hint), timeout, hint, cancellationToken);

    /// <summary>Expects no message for the rest of Within or the default.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectNothing(true, RemainingOrDefault, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects no message for <paramref name="duration"/>.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => ExpectNothing(true, Dilated(duration), cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects no message for some milliseconds.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) => ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects no message for the rest of Within or the default.</summary>
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectNothing(false, RemainingOrDefault, cancellationToken);

    /// <summary>Expects no message for <paramref name="duration"/>.</summary>
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) => ExpectNothing(false, Dilated(duration), cancellationToken);

    /// <summary>Expects no message for some milliseconds.</summary>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) => ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<T> Expect<T>(bool sync, Action<T, IActorRef>? assert, TimeSpan? duration, string? hint, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDilated(duration);
        MessageEnvelope envelope = await Next(sync, limit, cancellation);
        if (envelope.Message is null)
        {
            Fail($"expected a message of type {Name(typeof(T))}, but none came within {Text(limit)}", hint);
        }
        if (envelope.Message is not T message)
        {
            Fail($"expected a message of type {Name(typeof(T))}, but received {Describe(envelope)}", hint);
            return default;
        }
        assert?.Invoke(message, envelope.Sender);
        return message;
    }

    private async ValueTask ExpectNothing(bool sync, TimeSpan duration, CancellationToken cancellation)
    {
        TimeSpan start = Now;
        MessageEnvelope envelope = await Next(sync, duration, cancellation);
        if (envelope.Message is not null)
        {
            Fail($"expected no message for {Text(duration)}, but received {Describe(envelope)} after {Text(Now - start)}");
        }
        lastWasNoMessage = true;
    }

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) =>
        (message, _) => assertions.AssertEqual(expected, message, "{0}", hint ?? "");

    private Action<T, IActorRef> Equal<T>(T expected, Func<T, T, bool> comparer, string? hint) =>
        (message, _) => assertions.AssertEqual(expected, message, comparer, "{0}", hint ?? "");

    private Action<T, IActorRef> Satisfies<T>(Predicate<T> isMessage, string? hint) => Satisfies<T>((message, _) => isMessage(message), hint);

    private Action<T, IActorRef> Satisfies<T>(Func<T, IActorRef, bool> isMessage, string? hint) => (message, sender) =>
    {
        if (!isMessage(message, sender))
        {
            Fail($"the message of type {Name(typeof(T))} does not satisfy the predicate: {message} from {sender}", hint);
        }
    };

    private Action<Terminated, IActorRef> Ended(IActorRef target, string? hint) => (terminated, _) =>
    {
        if (!terminated.ActorRef.Equals(target))
        {
            Fail($"expected that {target} terminates, but {terminated.ActorRef} did", hint);
        }
    };

    private static string Describe(MessageEnvelope envelope) => $"{envelope.Message} of type {Name(envelope.Message!.GetType())} from {envelope.Sender}";

    private static string Name(Type type) => type.IsGenericType ? type.ToString() : type.FullName ?? type.Name;
}

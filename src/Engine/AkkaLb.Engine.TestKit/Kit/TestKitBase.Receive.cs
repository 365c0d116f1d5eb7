using System.Collections;
using System.Runtime.CompilerServices;

namespace Akka.TestKit;

// Blocking and asynchronous methods share one implementation, which is told by `sync` never to yield.
public abstract partial class TestKitBase
{
    /// <summary>Receives a message, or null when none came in time.</summary>
    /// <param name="max">How long to wait, not stretched; null for the rest of Within or the default, zero not at all, negative for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Next(true, max, cancellationToken).GetAwaiter().GetResult().Message;

    /// <summary>Receives a message, or null when none came in time.</summary>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Next(false, max, cancellationToken)).Message;

    /// <summary>Receives a message with its sender; false when none came in time.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        envelope = Next(true, max, cancellationToken).GetAwaiter().GetResult();
        return envelope is not NullMessageEnvelope;
    }

    /// <summary>Receives a message with its sender; false when none came in time.</summary>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        MessageEnvelope envelope = await Next(false, max, cancellationToken);
        return (envelope is not NullMessageEnvelope, envelope);
    }

    /// <summary>Looks at the next message without taking it; null when none came in time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        queue.Next(true, max ?? RemainingOrDefault, remove: false, cancellationToken).GetAwaiter().GetResult()?.Message;

    /// <summary>Looks at the next message without taking it; null when none came in time.</summary>
    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await queue.Next(false, max ?? RemainingOrDefault, remove: false, cancellationToken))?.Message;

    /// <summary>Receives a number of messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        List(ReceiveNCore(true, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <summary>Receives a number of messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        List(ReceiveNCore(true, numberOfMessages, RemainingOrDilated(max), cancellationToken));

    /// <summary>Receives a number of messages.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveNCore(false, numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <summary>Receives a number of messages.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveNCore(false, numberOfMessages, RemainingOrDilated(max), cancellationToken);

    /// <summary>Receives messages as long as <paramref name="filter"/> gives something for them; the message that ended it stays queued.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <summary>Receives messages as long as <paramref name="filter"/> gives something for them; the message that ended it stays queued.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <summary>Receives messages as long as <paramref name="filter"/> gives something for them; the message that ended it stays queued.</summary>
    /// <param name="filter">Gives the result for a message, or null to end.</param>
    /// <param name="max">How long to receive.</param>
    /// <param name="idle">How long to wait for a message.</param>
    /// <param name="msgs">How many messages to receive at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => List(ReceiveWhileCore(true, filter, max, idle, msgs, cancellationToken));

    /// <summary>Receives messages of a type as long as <paramref name="shouldContinue"/> holds; the message that ended it stays queued.</summary>
    /// <param name="shouldContinue">Whether a message of the type is wanted.</param>
    /// <param name="max">How long to receive.</param>
    /// <param name="idle">How long to wait for a message.</param>
    /// <param name="msgs">How many messages to receive at most.</param>
    /// <param name="shouldIgnoreOtherMessageTypes">Drop messages of other types instead of ending.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        List(ReceiveWhileCore(true, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhileAsync(filter, max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhileCore(false, filter, max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        ReceiveWhileCore(false, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken);

    /// <summary>Drops messages until one satisfies <paramref name="isMessage"/>.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Drops messages until one of a type satisfies <paramref name="isMessage"/>.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(true, isMessage, null, max, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Collects messages until one of a type satisfies <paramref name="isMessage"/>.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(true, isMessage, allMessages, max, hint, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Drops messages until one satisfies <paramref name="isMessage"/>.</summary>
    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(false, isMessage, null, max, hint, cancellationToken);

    /// <summary>Drops messages until one of a type satisfies <paramref name="isMessage"/>.</summary>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(false, isMessage, null, max, hint, cancellationToken);

    /// <summary>Collects messages until one of a type satisfies <paramref name="isMessage"/>.</summary>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(false, isMessage, allMessages, max, hint, cancellationToken);

    /// <summary>Drops messages until one of a type comes.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await Fish<T>(false, static _ => true, null, max, "", cancellationToken);

    private async ValueTask<MessageEnvelope> Next(bool sync, TimeSpan? max, CancellationToken cancellation)
    {
        lastWasNoMessage = false;
        MessageEnvelope? envelope = await queue.Next(sync, max ?? RemainingOrDefault, remove: true, cancellation);
        return lastMessage = envelope ?? NullMessageEnvelope.Instance;
    }

    private async IAsyncEnumerable<object> ReceiveNCore(bool sync, int count, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellation)
    {
        TimeSpan stop = Now + max;
        for (int i = 0; i < count; i++)
        {
            MessageEnvelope envelope = await Next(sync, Max(stop - Now, TimeSpan.Zero), cancellation);
            if (envelope.Message is null)
            {
                Fail($"received {i} of {count} messages within {Text(max)}");
            }
            yield return envelope.Message;
        }
    }

    private async IAsyncEnumerable<T> ReceiveWhileCore<T>(bool sync, Func<object, T?> filter, TimeSpan? max, TimeSpan? idle, int count, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        await foreach (object message in ReceiveUntil(sync, message => filter(message) is null, max, idle, count, cancellation))
        {
            yield return filter(message)!;
        }
    }

    private async IAsyncEnumerable<T> ReceiveWhileCore<T>(bool sync, Predicate<T> shouldContinue, TimeSpan? max, TimeSpan? idle, int count, bool ignoreOthers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (object message in ReceiveUntil(sync, message => message is T typed ? !shouldContinue(typed) : !ignoreOthers, max, idle, count, cancellation))
        {
            if (message is T typed)
            {
                yield return typed;
            }
        }
    }

    private async IAsyncEnumerable<object> ReceiveUntil(bool sync, Func<object, bool> ends, TimeSpan? max, TimeSpan? idle, int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        TimeSpan stop = Now + RemainingOrDilated(max);
        MessageEnvelope last = NullMessageEnvelope.Instance;
        for (int i = 0; i < count; i++)
        {
            TimeSpan left = Max(stop - Now, TimeSpan.Zero);
            MessageEnvelope envelope = await Next(sync, idle is { } pause && pause >= TimeSpan.Zero ? Min(pause, left) : left, cancellation);
            if (envelope.Message is null)
            {
                break;
            }
            if (ends(envelope.Message))
            {
                queue.PutBack(envelope);
                break;
            }
            last = envelope;
            yield return envelope.Message;
        }
        lastMessage = last;
        // A quiet end has used up the time of a surrounding Within on purpose.
        lastWasNoMessage = true;
    }

    private async ValueTask<T> Fish<T>(bool sync, Predicate<T> isMessage, ArrayList? dropped, TimeSpan? max, string? hint, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDilated(max);
        TimeSpan stop = Now + limit;
        int seen = 0;
        while (true)
        {
            MessageEnvelope envelope = await Next(sync, Max(stop - Now, TimeSpan.Zero), cancellation);
            if (envelope.Message is null)
            {
                Fail($"fished for {Text(limit)} for a message of type {Name(typeof(T))}, and dropped {seen} others", hint);
            }
            if (envelope.Message is T typed && isMessage(typed))
            {
                return typed;
            }
            seen++;
            dropped?.Add(envelope.Message);
        }
    }

    /// <summary>The items of a sequence that never yields.</summary>
    private static List<T> List<T>(IAsyncEnumerable<T> completed)
    {
        List<T> result = [];
        IAsyncEnumerator<T> enumerator = completed.GetAsyncEnumerator();
        try
        {
            while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                result.Add(enumerator.Current);
            }
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        return result;
    }
}

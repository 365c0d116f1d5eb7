using System.Runtime.CompilerServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects a message that equals one of several.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        AnyOf(true, messages, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Expects a message that equals one of several.</summary>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        AnyOf(false, messages, cancellationToken);

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectMsgAllOf((IReadOnlyCollection<T>)messages);

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages);

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        List(AllOf(true, RemainingOrDefault, messages, cancellationToken));

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        List(AllOf(true, RemainingOrDilated(max), messages, cancellationToken));

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(false, RemainingOrDefault, messages, cancellationToken);

    /// <summary>Expects as many messages as given, which together equal them in any order.</summary>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(false, RemainingOrDilated(max), messages, cancellationToken);

    private async ValueTask<T> AnyOf<T>(bool sync, IEnumerable<T> messages, CancellationToken cancellation)
    {
        TimeSpan limit = RemainingOrDefault;
        List<T> wanted = [.. messages];
        MessageEnvelope envelope = await Next(sync, limit, cancellation);
        if (envelope.Message is null)
        {
            Fail($"expected any of [{string.Join(", ", wanted)}], but no message came within {Text(limit)}");
        }
        if (envelope.Message is not T message || !wanted.Contains(message))
        {
            Fail($"expected any of [{string.Join(", ", wanted)}], but received {Describe(envelope)}");
            return default;
        }
        return message;
    }

    private async IAsyncEnumerable<T> AllOf<T>(bool sync, TimeSpan max, IReadOnlyCollection<T> messages, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<object> received = [];
        TimeSpan stop = Now + max;
        while (received.Count < messages.Count && (await Next(sync, Max(stop - Now, TimeSpan.Zero), cancellation)).Message is { } message)
        {
            received.Add(message);
        }
        List<object> unexpected = [.. received];
        List<T> missing = [.. messages.Where(message => !unexpected.Remove(message!))];
        if (missing.Count > 0)
        {
            Fail($"expected all of [{string.Join(", ", messages)}] within {Text(max)}, but missed [{string.Join(", ", missing)}]"
                + (unexpected.Count > 0 ? $" and received [{string.Join(", ", unexpected)}] instead" : ""));
        }
        foreach (object message in received)
        {
            yield return (T)message;
        }
    }
}

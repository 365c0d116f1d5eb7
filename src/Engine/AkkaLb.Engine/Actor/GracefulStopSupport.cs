using Akka.Dispatch.SysMsg;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>Stops an actor and waits for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/>; the task is cancelled when the actor has not ended in time.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => GracefulStop(target, timeout, PoisonPill.Instance);

    /// <summary>Sends <paramref name="stopMessage"/>; the task is cancelled when the actor has not ended in time.</summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        using CancellationTokenSource limit = new(timeout);
        DeathWatcher watcher = new((IInternalActorRef)target);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return await watcher.Wait(limit.Token).ConfigureAwait(false)
            ? true
            : throw new TaskCanceledException($"{target} did not stop within {timeout}");
    }
}

/// <summary>Waits for the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True when the actor has ended; false when the token came first.</summary>
    public static Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default) =>
        new DeathWatcher((IInternalActorRef)target).Wait(token);
}

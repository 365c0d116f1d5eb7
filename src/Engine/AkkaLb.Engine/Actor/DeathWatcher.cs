using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace AkkaLb.Engine;

/// <summary>A reference that watches one actor from outside of all actors.</summary>
internal sealed class DeathWatcher : MinimalActorRef
{
    private readonly IInternalActorRef _target;
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DeathWatcher(IInternalActorRef target)
    {
        _target = target;
        Provider = Futures.Provider(target);
        Path = Provider.TempPath();
        target.SendSystemMessage(new Watch(target, this));
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification) { _dead.TrySetResult(); }
    }

    internal async Task<bool> Wait(CancellationToken token)
    {
        try
        {
            await _dead.Task.WaitAsync(token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            _target.SendSystemMessage(new Unwatch(_target, this));
            return false;
        }
    }
}

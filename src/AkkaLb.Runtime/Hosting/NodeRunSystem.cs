using Akka.Actor;

namespace AkkaLb.Runtime.Hosting;

/// <summary>The system of a cluster's node, which goes on when the run has ended.</summary>
internal sealed class NodeRunSystem(ActorSystem system) : IRunSystem
{
    private volatile Func<Task> _stop = () => Task.CompletedTask;

    public Task<ActorSystem> StartAsync() => Task.FromResult(system);

    public void Play(Func<Task> stop) => _stop = stop;

    public void StopPlaying() => _ = _stop();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

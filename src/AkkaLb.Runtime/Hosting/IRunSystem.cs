using Akka.Actor;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Runtime.Hosting;

/// <summary>The actor system that a run stands on.</summary>
internal interface IRunSystem : IAsyncDisposable
{
    /// <summary>Starts it unless it has started.</summary>
    /// <exception cref="RunFailedException">It does not start.</exception>
    Task<ActorSystem> StartAsync();

    /// <summary>An actor begins to play: one at a time.</summary>
    /// <param name="stop">Ends it early; ends when it has ended.</param>
    void Play(Func<Task> stop);

    /// <summary>Ends what plays.</summary>
    void StopPlaying();
}

using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Steering;

/// <summary>A balancer of another make: what passes through it can be seen, and its weights can be set.</summary>
internal interface ISteeredBalancer : IAsyncDisposable
{
    /// <summary>Ticks before now until when all that passed has been told; what passes later is told later.</summary>
    long Lag => 0;

    /// <summary>Whether the last look found that it was restarted, and has lost the weights that were set.</summary>
    bool HasBegunAnew => false;

    /// <summary>What passed since the last look, in order of time.</summary>
    /// <param name="now">Ticks.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation);

    /// <summary>Sets the weights of all servers.</summary>
    /// <param name="weights">By server; positive, 1 on average.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation);
}

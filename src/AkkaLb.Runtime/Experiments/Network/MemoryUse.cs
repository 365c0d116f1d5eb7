namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What a link agent's memory did in an episode.</summary>
/// <param name="Episode">From 0.</param>
/// <param name="Horizons">That the agent lived through.</param>
/// <param name="Answers">Of its entries, to states that were familiar.</param>
/// <param name="Cases">That it took in: states that were not.</param>
public sealed record MemoryUse(int Episode, int Horizons, int Answers, int Cases);

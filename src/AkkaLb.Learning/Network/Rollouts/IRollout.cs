using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>Plays blocks of episodes under a policy without actors.</summary>
internal interface IRollout
{
    /// <summary>Plays episodes first … first + count − 1.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<EpisodeTrajectory> Run(PolicySnapshot policy, long first, int count, CancellationToken cancellation);
}

using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network;

/// <summary>
/// How many episodes are played side by side. Those between two updates follow the same policy and draw from their own streams, so they can
/// share every message: a message costs as much for one episode as for many, and a batch of rows is computed faster than the rows one by
/// one.
/// </summary>
public static class NetworkLanes
{
    /// <summary>Episodes that share a message at most: more save little, and take memory.</summary>
    public const int Limit = 100;

    /// <summary>Lanes of a model; 1 where agents have memories, which change from episode to episode.</summary>
    public static int Most(NetworkModel model) => model.Options.Memory is null ? Math.Min(model.Options.EpisodesPerUpdate, Limit) : 1;
}

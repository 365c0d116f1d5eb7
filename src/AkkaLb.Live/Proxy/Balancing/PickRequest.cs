using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>What a server is picked by.</summary>
/// <param name="Available">Those that affinity leaves.</param>
/// <param name="Hash">Of the client.</param>
/// <param name="Except">Number of a server that has just failed; −1: none.</param>
internal readonly record struct PickRequest(IReadOnlyList<DestinationState> Available, uint Hash, int Except);

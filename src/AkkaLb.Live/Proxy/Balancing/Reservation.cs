using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>Why a server was picked.</summary>
internal enum PickReason : byte
{
    Policy,

    /// <summary>It was due to be looked at.</summary>
    Floor,

    /// <summary>The client is bound to it.</summary>
    Affinity,

    /// <summary>Another server had failed.</summary>
    Retry,

    /// <summary>A place became free there.</summary>
    Queue,
}

/// <summary>A place at a server, to be given back.</summary>
/// <param name="Number">Of the request within its cluster, from 1.</param>
/// <param name="Started">Ticks.</param>
/// <param name="Decision">Number of the decision in force.</param>
/// <param name="IsObserved">Whether the agent is told of it.</param>
/// <param name="Destination">What the request is forwarded to.</param>
internal readonly record struct Reservation(
    ServerSlot Server, DestinationState Destination, long Number, long Started, long Decision, bool IsObserved);

/// <summary>What became of an attempt to pick.</summary>
internal enum PickResult
{
    Picked,

    /// <summary>No server is in use.</summary>
    NoServer,

    /// <summary>All are as full as they may be, or that of the client is: a place in a line was taken.</summary>
    Waits,

    /// <summary>So are their lines, or it took too long.</summary>
    Full,

    /// <summary>The client went away while it waited.</summary>
    Gone,
}

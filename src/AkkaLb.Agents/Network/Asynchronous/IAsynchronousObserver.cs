namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>Watches an asynchronous run. Calls come one at a time.</summary>
public interface IAsynchronousObserver
{
    /// <summary>A slice has been played and stored. A run that goes on after a crash or a stop tells again of those before.</summary>
    /// <param name="slice">From 0, in order.</param>
    /// <param name="samples">After each route.</param>
    /// <param name="decisions">All agents'; none for a slice that was stored before.</param>
    void SlicePlayed(long slice, IReadOnlyList<NetworkSample> samples, IReadOnlyList<AsynchronousEvents.WeightSet> decisions);
}

/// <summary>The network after a route.</summary>
/// <param name="Time">Virtual, in µs.</param>
/// <param name="Change">Number of outside changes so far.</param>
/// <param name="IsChange">Whether flows or links have just changed.</param>
/// <param name="Waiting">Active flows without a path.</param>
/// <param name="Requests">Requests for hidden states that agents have sent so far.</param>
/// <param name="States">Hidden states that agents have sent so far.</param>
/// <param name="Horizons">Decisions so far, of all agents.</param>
public sealed record NetworkSample(
    long Time, int Change, bool IsChange, double Phi, double MeanUtilisation, double MaxUtilisation, int LinksUp, int Flows, int Waiting,
    long Requests, long States, long Horizons);

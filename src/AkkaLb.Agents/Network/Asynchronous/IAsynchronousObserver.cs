namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>Watches an asynchronous run. Calls come one at a time and in order.</summary>
public interface IAsynchronousObserver
{
    /// <summary>The network has been routed.</summary>
    void Routed(NetworkSample sample);

    /// <summary>An agent has decided.</summary>
    void Decided(AsynchronousEvents.WeightSet decision);
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

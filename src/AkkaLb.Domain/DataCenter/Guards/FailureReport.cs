namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>What one load balancer met with in an episode.</summary>
/// <param name="TimeOuts">Attempts that a dead server did not answer.</param>
/// <param name="Refusals">Attempts that a full server refused.</param>
/// <param name="Retries">Attempts beyond a job's first.</param>
/// <param name="Moved">Clients whose server was out of use, so that they got another one.</param>
/// <param name="Panics">Times that ejections were passed over, because too many servers were ejected.</param>
/// <param name="Changes">In order of time.</param>
public sealed record FailureReport(
    long TimeOuts, long Refusals, long Retries, long Moved, long Panics, IReadOnlyList<ServerStateChange> Changes);

public enum ServerState : byte
{
    /// <summary>Its checks fail.</summary>
    Unhealthy,

    /// <summary>Its checks pass again.</summary>
    Healthy,

    /// <summary>It is left alone for a while, because requests failed.</summary>
    Ejected,

    /// <summary>That while is over.</summary>
    TakenBack,
}

/// <summary>What a load balancer thinks of a server from now on.</summary>
/// <param name="Time">Ticks.</param>
public readonly record struct ServerStateChange(long Time, int Server, ServerState State);

namespace AkkaLb.Domain.DataCenter.Estimation;

public enum PassageKind : byte
{
    /// <summary>A request was sent to a server.</summary>
    Started,

    /// <summary>A server answered, whatever the answer is but an error of its own.</summary>
    Answered,

    /// <summary>
    /// A server failed: no connection, no answer in time, or an error of its own (5xx). The request keeps its place until
    /// <see cref="Freed"/>.
    /// </summary>
    Failed,

    /// <summary>The client went away before the answer was there.</summary>
    Abandoned,

    /// <summary>The place that a failed request had kept is free again.</summary>
    Freed,

    /// <summary>Nothing: the server held so many requests up to now.</summary>
    Seen,
}

/// <summary>Something that happened to a request on its way through a balancer.</summary>
/// <param name="Server">Number of the server among those of its cluster.</param>
/// <param name="InFlight">Requests in flight to the server until now; of an end, this one included.</param>
/// <param name="Number">Of the request.</param>
/// <param name="Time">Ticks.</param>
/// <param name="Duration">Of an end: ticks since the start.</param>
/// <param name="FirstByte">Of an answer: ticks from the start to its header; −1 where it is not known.</param>
/// <param name="Bytes">Of an answer's body, as its header says; −1 where it does not.</param>
/// <param name="Status">HTTP status of an answer; 0 for none.</param>
public readonly record struct Passage(
    PassageKind Kind, int Server, int InFlight, long Number, long Time, long Duration = 0, long FirstByte = -1, long Bytes = -1,
    int Status = 0)
{
    /// <summary>Requests in flight to the server from now on.</summary>
    public int InFlightAfter => Kind switch
    {
        PassageKind.Started => InFlight + 1,
        PassageKind.Failed or PassageKind.Seen => InFlight,
        _ => InFlight - 1,
    };
}

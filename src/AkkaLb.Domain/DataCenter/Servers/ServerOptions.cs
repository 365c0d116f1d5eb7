namespace AkkaLb.Domain.DataCenter.Servers;

/// <summary>A server's hardware and limits.</summary>
/// <param name="Workers">p, processors, 1 to 1024.</param>
public sealed record ServerOptions(int Workers)
{
    /// <summary>m, jobs in processor service at once per worker, 1 to 1024. 1 is first come, first served on p workers.</summary>
    public int JobsPerWorker { get; init; } = 1;

    /// <summary>Jobs that may be on the server, at least 1; one that finds so many is rejected.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>
    /// Work done per second by a processor or the disk that has one job, at the start; see <see cref="ServerModel.SetSpeed"/>.
    /// </summary>
    public double Speed { get; init; } = 1;
}

namespace AkkaLb.Agents.DataCenter.Servers;

/// <summary>All that there is to know of a server at one moment.</summary>
/// <param name="Present">Jobs on it.</param>
/// <param name="RemainingTime">Seconds of work left of them.</param>
/// <param name="Workers">Its processors.</param>
/// <param name="Speed">Work per second of a lone job.</param>
/// <param name="IsUp">Whether it works.</param>
/// <param name="OnWay">What is on its way to it.</param>
public sealed record ServerTruth(int Present, double RemainingTime, int Workers, double Speed, bool IsUp, WorkOnWay OnWay);

/// <summary>Jobs that load balancers have sent and that have not arrived; their work in ticks.</summary>
public readonly record struct WorkOnWay(int Jobs, long Processor, long Disk);

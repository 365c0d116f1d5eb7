using System.Net;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Hocon;

namespace AkkaLb.Live.Steering;

/// <summary>Balancers to steer; <c>hocon/live/reference.conf</c> says what each key means.</summary>
/// <param name="Source">The file, named in errors.</param>
/// <param name="Resolved">The whole configuration with its sections <c>akka</c> and <c>akkalb.journal</c>.</param>
public sealed record SteerOptions(
    string Source, Config Resolved, string Name, string State, TimeSpan Keep, IReadOnlyList<SteeredOptions> Balancers)
{
    /// <summary>Included files that are missing or empty.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];
}

/// <param name="Name">Of the agent.</param>
/// <param name="LeastInterval">Between two changes of weights.</param>
/// <param name="Hysteresis">Share by which a weight must change for the change to be made.</param>
/// <param name="Target">What is steered, and how.</param>
public sealed record SteeredOptions(
    string Name, TimeSpan Period, TimeSpan Decide, TimeSpan LeastInterval, double Hysteresis, LiveBalancerOptions Balance,
    IReadOnlyList<SteeredServer> Servers, ISteeredTarget Target);

/// <param name="Name">In HAProxy's configuration.</param>
/// <param name="Address">HOST:PORT, as nginx and Envoy know it.</param>
public sealed record SteeredServer(string Name, string Address);

/// <summary>A kind of balancer with what it takes to reach it.</summary>
public interface ISteeredTarget;

/// <param name="Agent">Where agent checks are answered; null: weights are set through the socket.</param>
public sealed record HaproxyTarget(string Socket, string Backend, IPEndPoint? Agent) : ISteeredTarget;

public sealed record NginxTarget(string Upstream, string Name, IReadOnlyList<string> Lines, string Log, string Pid, TimeSpan Lag)
    : ISteeredTarget;

public sealed record EnvoyTarget(string File, string Cluster, Uri Admin) : ISteeredTarget;

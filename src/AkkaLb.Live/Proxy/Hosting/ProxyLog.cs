using Microsoft.Extensions.Logging;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>What a proxy logs, and what steers others.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(1, LogLevel.Information, "{Cluster}: {Server}: {From} → {To}: {Reason}")]
    public static partial void ServerSwitched(this ILogger log, string cluster, string server, string from, string to, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Cluster}: weights: {From} → {To}: {Reason}")]
    public static partial void ModeSwitched(this ILogger log, string cluster, string from, string to, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Source} was read anew: {Clusters} clusters, {Servers} servers{Later}")]
    public static partial void Reloaded(this ILogger log, string source, int clusters, int servers, string later);

    [LoggerMessage(4, LogLevel.Error, "not read anew, all stays as it was: {Problem}")]
    public static partial void NotReloaded(this ILogger log, string problem);

    [LoggerMessage(5, LogLevel.Error, "the journal failed, and agents with it; the configured weights hold: {Problem}")]
    public static partial void JournalFailed(this ILogger log, string problem);

    [LoggerMessage(6, LogLevel.Error, "{Cluster}: a round of control failed")]
    public static partial void ControlFailed(this ILogger log, string cluster, Exception problem);

    [LoggerMessage(7, LogLevel.Information, "{Name} listens on {Addresses}; admin on {Admin}")]
    public static partial void Started(this ILogger log, string name, string addresses, string admin);

    [LoggerMessage(8, LogLevel.Information, "{Name} ends: requests in flight have {Seconds} s")]
    public static partial void Stopping(this ILogger log, string name, double seconds);

    [LoggerMessage(9, LogLevel.Warning, "{Cluster}: {Problem}")]
    public static partial void PolicyProblem(this ILogger log, string cluster, string problem);

    [LoggerMessage(10, LogLevel.Information, "{Cluster}: the policy learnt from {Steps} decisions")]
    public static partial void PolicyLearnt(this ILogger log, string cluster, int steps);

    [LoggerMessage(11, LogLevel.Information, "{Balancer}: decision {Decision}: {Weights}")]
    public static partial void Steered(this ILogger log, string balancer, long decision, string weights);

    [LoggerMessage(12, LogLevel.Warning, "{Balancer}: the last weights stay: {Problem}")]
    public static partial void NotSteered(this ILogger log, string balancer, string problem);

    [LoggerMessage(13, LogLevel.Information, "{Balancer}: steered again")]
    public static partial void SteeredAgain(this ILogger log, string balancer);

    [LoggerMessage(18, LogLevel.Warning, "'{Key}' is {File}, which expired at {Time}: clients will refuse it")]
    public static partial void CertificateExpired(this ILogger log, string key, string file, DateTime time);

    [LoggerMessage(23, LogLevel.Information, "{Listener}: connections get another certificate from now on: {Subject}, until {Time}")]
    public static partial void CertificateRenewed(this ILogger log, string listener, string subject, DateTime time);

    [LoggerMessage(17, LogLevel.Warning, "{Cluster}: the last addresses of its servers stay: DNS: {Problem}")]
    public static partial void NamesNotResolved(this ILogger log, string cluster, string problem);

    [LoggerMessage(19, LogLevel.Warning, "{Cluster}: {Server}: a request failed: {Error}: {Problem}")]
    public static partial void RequestFailed(this ILogger log, string cluster, string server, string error, string problem);

    [LoggerMessage(20, LogLevel.Information, "{Cluster}: {Server} was added by hand: {Address}, weight {Weight}")]
    public static partial void ServerAdded(this ILogger log, string cluster, string server, string address, double weight);

    [LoggerMessage(21, LogLevel.Information, "{Cluster}: {Server} was removed by hand")]
    public static partial void ServerRemoved(this ILogger log, string cluster, string server);

    [LoggerMessage(22, LogLevel.Information, "{Cluster}: {Server} has weight {Weight} by hand")]
    public static partial void WeightSet(this ILogger log, string cluster, string server, double weight);

    [LoggerMessage(15, LogLevel.Information, "steering {Balancers}; a line for every change of weights, log in {Folder}")]
    public static partial void SteeringBegun(this ILogger log, string balancers, string folder);

    [LoggerMessage(16, LogLevel.Information, "steering ends; the last weights stay")]
    public static partial void SteeringEnds(this ILogger log);

    [LoggerMessage(24, LogLevel.Warning, "{Source} includes {File}, which is missing or empty: all holds that stands elsewhere")]
    public static partial void IncludeAbsent(this ILogger log, string source, string file);

    [LoggerMessage(25, LogLevel.Warning, "{Cluster} has no servers: its requests are answered 503 until it has ('akkalb proxy add')")]
    public static partial void NoServers(this ILogger log, string cluster);

    [LoggerMessage(14, LogLevel.Warning, "{Cluster}: the agent has ended and begins anew from its journal")]
    public static partial void AgentRestarted(this ILogger log, string cluster);
}

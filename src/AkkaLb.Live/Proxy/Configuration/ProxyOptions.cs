using System.Diagnostics.CodeAnalysis;
using System.Net;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Hocon;

namespace AkkaLb.Live.Proxy.Configuration;

/// <summary>A proxy as its file describes it; <c>hocon/live/reference.conf</c> says what each key means.</summary>
/// <param name="Source">The file, named in errors.</param>
/// <param name="Resolved">The whole configuration with its sections <c>akka</c> and <c>akkalb.journal</c>.</param>
public sealed record ProxyOptions(
    string Source, Config Resolved, string Name, string State, TimeSpan Keep, ulong Seed, TimeSpan Reload, TimeSpan Shutdown,
    TimeSpan ShutdownNotice, IReadOnlyList<ListenerOptions> Listeners, AdminOptions? Admin, LimitOptions Limits,
    IReadOnlyList<RouteOptions> Routes, IReadOnlyList<ClusterOptions> Clusters)
{
    /// <summary>The file and those that it includes.</summary>
    public IReadOnlyList<string> Files { get; init; } = [Source];

    /// <summary>Those of <see cref="Files"/> that are missing or empty.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];
}

public enum ListenerProtocols
{
    Http1,
    Http2,
    Http1And2,
}

/// <summary>Where clients connect to.</summary>
public sealed record ListenerOptions(
    string Name, IPEndPoint EndPoint, bool Tls, ListenerProtocols Protocols, string Certificate, string Key, string Password);

/// <summary>Where the proxy is looked after.</summary>
public sealed record AdminOptions(IPEndPoint EndPoint, string Token);

/// <param name="Body">Bytes; null: no limit.</param>
/// <param name="Header">Bytes.</param>
/// <param name="Connections">Null: no limit.</param>
public sealed record LimitOptions(long? Body, int Header, long? Connections, TimeSpan HeaderTimeout, TimeSpan KeepAlive);

public sealed record RouteOptions(
    string Name, string Cluster, string Path, IReadOnlyList<string> Hosts, IReadOnlyList<string> Methods, int Order);

/// <param name="Weight">From <see cref="LeastWeight"/> to <see cref="MostWeight"/>.</param>
public sealed record ServerOptions(string Name, Uri Address, double Weight)
{
    public const double LeastWeight = 1e-6, MostWeight = 1e6;

    /// <summary>What <see cref="IsName"/> and <see cref="TryParseAddress"/> take, for messages.</summary>
    public const string Names = "names of at most 100 characters without brackets, control characters and spaces at the ends",
        Addresses = "http://HOST:PORT or https://HOST:PORT";

    /// <summary>What requests name as their host, where <see cref="Address"/> is one of a name's; null: the address.</summary>
    public string? HostHeader { get; init; }

    /// <summary>Whether a server can have this name. Brackets are of those that DNS makes of one.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 100 && name.Trim() == name
        && !name.Any(c => c is '[' or ']' or '\uFFFD' || char.IsControl(c));

    /// <summary>An address that requests' paths are put behind.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https"
        && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
}

/// <summary>A group of servers that do the same, and how requests are spread over them.</summary>
public sealed record ClusterOptions
{
    public required string Name { get; init; }

    /// <summary>One of <see cref="Balancing.PolicyNames"/>.</summary>
    public required string Policy { get; init; }

    public required IReadOnlyList<ServerOptions> Servers { get; init; }

    public bool RequestIds { get; init; } = true;

    /// <summary>Time between two look-ups of names; zero: none.</summary>
    public TimeSpan Dns { get; init; }

    public ForwardOptions Forward { get; init; } = new();

    /// <summary>Name of the cookie that keeps clients at their server; null: none.</summary>
    public string? AffinityCookie { get; init; }

    public QueueOptions Queue { get; init; } = new();

    public RetryOptions Retries { get; init; } = new();

    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    public HealthOptions Health { get; init; } = new();

    public EjectionOptions Ejection { get; init; } = new();

    public TimeSpan FailureHold { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Share of requests that every server in use gets at least, 0 to 0.1.</summary>
    public double Floor { get; init; } = 0.002;

    public ProbeSettings Probe { get; init; } = new();

    public LearnedOptions Learned { get; init; } = new();
}

/// <param name="Connections">Null: no limit.</param>
public sealed record ForwardOptions(
    bool Http2 = false, TimeSpan? Timeout = null, TimeSpan? ConnectTimeout = null, TimeSpan? ConnectionLifetime = null,
    int? Connections = null,
    bool Verify = true)
{
    public Version Version => Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
}

/// <param name="InFlight">0: no limit.</param>
public sealed record QueueOptions(int InFlight = 0, int Length = 100, TimeSpan Timeout = default);

/// <param name="Path">Empty: nothing is asked.</param>
public sealed record HealthOptions(string Path = "", TimeSpan Interval = default, TimeSpan Timeout = default, int Fall = 3, int Rise = 2);

public sealed record ProbeSettings(string Path = "/probe", TimeSpan Timeout = default);

public sealed record LearnedOptions
{
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Run folder of a trained policy; empty: none.</summary>
    public string Policy { get; init; } = "";

    public int Balancer { get; init; }

    public bool OnLine { get; init; }

    public Domain.DataCenter.Estimation.LiveBalancerOptions Balance { get; init; } = new();

    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(5);

    public ComparisonOptions Comparison { get; init; } = new();
}

public sealed record ComparisonOptions
{
    public bool Enabled { get; init; } = true;

    public TimeSpan Slice { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Share of time in slices of the configured weights, above 0 to 0.5.</summary>
    public double Share { get; init; } = 0.02;

    public double Margin { get; init; } = 0.1;

    public TimeSpan TimeOut { get; init; } = TimeSpan.FromSeconds(60);
}

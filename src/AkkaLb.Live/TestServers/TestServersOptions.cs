using System.Net;

namespace AkkaLb.Live.TestServers;

/// <summary>How a request uses its slot.</summary>
public enum ServiceKind
{
    /// <summary>It holds the slot for its service time, so that processors are not what is measured.</summary>
    Timed,

    /// <summary>It computes for so long.</summary>
    Processor,
}

/// <summary>Test servers on this machine.</summary>
public sealed record TestServersOptions
{
    /// <summary>Requests in service at once, of each server; at least one server.</summary>
    public required IReadOnlyList<int> Slots { get; init; }

    /// <summary>Work per second of a slot, of each server; positive.</summary>
    public required IReadOnlyList<double> Speeds { get; init; }

    /// <summary>Requests that may wait on a server.</summary>
    public int Backlog { get; init; } = 64;

    public ServiceKind Service { get; init; } = ServiceKind.Timed;

    /// <summary>Service time of a request that brings none.</summary>
    public TimeSpan DefaultWork { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of an answer's body.</summary>
    public int Body { get; init; } = 128;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Of server 0, the others follow; 0: free ports.</summary>
    public int Port { get; init; }

    /// <summary>On loopback; 0: a free port.</summary>
    public int ControlPort { get; init; }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<ServerChange> Changes { get; init; } = [];

    /// <summary>Of the draws of which requests fail.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Servers that are not there at the start, because their first change adds them.</summary>
    public bool IsAbsentAtStart(int server) => Changes.FirstOrDefault(c => c.Server == server) is { Kind: ServerChangeKind.Add };
}

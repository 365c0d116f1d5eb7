using AkkaLb.Hocon;
using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Testbed;

/// <summary>A comparison of load balancers on this machine.</summary>
internal sealed record TestbedOptions
{
    public required string Name { get; init; }

    /// <summary>As it was read; the run folder's <c>experiment.conf</c>.</summary>
    public required Config Resolved { get; init; }

    public required TestServersOptions Servers { get; init; }

    /// <summary>Rate and service times are those of a load; see <see cref="LoadScale"/>.</summary>
    public required LoadOptions Load { get; init; }

    /// <summary>At least one, all different.</summary>
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>One of the contenders.</summary>
    public required Contender Baseline { get; init; }

    /// <summary>Requests' work per second over what all slots can do; positive.</summary>
    public required IReadOnlyList<double> Loads { get; init; }

    public required IReadOnlyList<int> Proxies { get; init; }

    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Times that a void run is repeated.</summary>
    public int Retries { get; init; } = 2;

    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Timed from the start of the load, in order.</summary>
    public IReadOnlyList<ServerChange> Events { get; init; } = [];

    /// <summary>Windows in which the 99th percentile is followed.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(2);

    public bool Simulate { get; init; } = true;

    public string Haproxy { get; init; } = "haproxy";

    public string Nginx { get; init; } = "nginx";

    /// <summary>What starts <c>akkalb</c>: a program and its first arguments.</summary>
    public required IReadOnlyList<string> AkkaLb { get; init; }

    /// <summary>More lines for the proxies' files.</summary>
    public IReadOnlyList<string> ProxySettings { get; init; } = [];

    /// <summary>Absolute run folder of a trained policy; empty: none.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Servers that an event adds, so that they are not there at the start.</summary>
    public bool IsAbsentAtStart(int server) => Events.FirstOrDefault(e => e.Server == server) is { Kind: ServerChangeKind.Add };

    /// <summary>
    /// All runs that are to be made, those of one seed together, in an order of contenders that is another for every seed.
    /// </summary>
    public IEnumerable<TestbedCell> Cells()
    {
        for (int s = 0; s < Seeds.Count; s++)
        {
            Contender[] order = [.. Contenders];
            new Domain.Randomness.RandomStream(Seeds[s], "order").Shuffle<Contender>(order);
            foreach (double load in Loads)
            {
                foreach (int proxies in Proxies)
                {
                    foreach (Contender contender in order)
                    {
                        yield return new TestbedCell(contender, load, proxies, Seeds[s]);
                    }
                }
            }
        }
    }
}

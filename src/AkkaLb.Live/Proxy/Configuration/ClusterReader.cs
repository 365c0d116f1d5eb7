using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Hocon;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Proxy.Configuration;

/// <summary>Reads one of <c>akkalb.proxy.clusters</c>.</summary>
internal static class ClusterReader
{
    public static ClusterOptions Read(SectionReader reader, Config complete, string name)
    {
        string section = ProxyReader.Key($"{ProxyReader.Section}.clusters", name);
        // It stands in a header of every answer, and in the names of files.
        if (!ProxyReader.IsPlain(name))
        {
            reader.Problem($"{ProxyReader.Section}.clusters", $"the name '{name}'", $"names of {ProxyReader.Plain}");
        }
        return new ClusterOptions
        {
            Name = name,
            Policy = reader.Choice($"{section}.policy", [.. PolicyNames.All.Select(policy => (policy, policy))]),
            RequestIds = reader.Switch($"{section}.request-ids"),
            Servers = ReadServers(reader, complete, $"{section}.servers"),
            Dns = reader.Period($"{section}.dns"),
            Forward = ReadForward(reader, $"{section}.forward"),
            AffinityCookie = ReadCookie(reader, $"{section}.affinity"),
            Queue = new QueueOptions(
                reader.Integer($"{section}.queue.in-flight", 0), reader.Integer($"{section}.queue.length", 0),
                reader.Duration($"{section}.queue.timeout")),
            Retries = new RetryOptions(reader.Integer($"{section}.retries.most", 0, 10), reader.Number($"{section}.retries.budget", 0, 10)),
            RetryAfter = reader.Duration($"{section}.retry-after"),
            Health = ReadHealth(reader, $"{section}.health"),
            Ejection = ReadEjection(reader, $"{section}.ejection"),
            FailureHold = reader.Duration($"{section}.failure-hold"),
            SlowStart = reader.Duration($"{section}.slow-start"),
            Floor = reader.Number($"{section}.floor", 0, 0.1),
            Probe = new ProbeSettings(Path(reader, $"{section}.probe.path"), reader.PositiveDuration($"{section}.probe.timeout")),
            Learned = ReadLearned(reader, $"{section}.learned"),
        };
    }

    private static IReadOnlyList<ServerOptions> ReadServers(SectionReader reader, Config complete, string section)
    {
        List<ServerOptions> servers = [];
        foreach (string name in ProxyReader.Names(complete, section))
        {
            string server = ProxyReader.Key(section, name);
            if (!ServerOptions.IsName(name))
            {
                reader.Problem(section, $"the name '{name}'", ServerOptions.Names);
            }
            if (!ServerOptions.TryParseAddress(reader.Text($"{server}.address"), out Uri? address))
            {
                reader.Problem($"{server}.address", ServerOptions.Addresses);
                address = new Uri("http://127.0.0.1");
            }
            servers.Add(new ServerOptions(name, address, reader.Number(
                $"{server}.weight", ServerOptions.LeastWeight, ServerOptions.MostWeight)));
        }
        return servers;
    }

    private static string? ReadCookie(SectionReader reader, string section)
    {
        string cookie = reader.Text($"{section}.cookie");
        // A token of RFC 9110.
        if (cookie.Length == 0 || !cookie.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            reader.Problem($"{section}.cookie", "the name of a cookie, such as akkalb-affinity");
        }
        return reader.Switch($"{section}.enabled") ? cookie : null;
    }

    private static ForwardOptions ReadForward(SectionReader reader, string section)
    {
        int connections = reader.Integer($"{section}.connections", 0);
        TimeSpan lifetime = reader.Duration($"{section}.connection-lifetime");
        return new ForwardOptions(
            reader.Choice($"{section}.version", ("1.1", false), ("2", true)), reader.PositiveDuration($"{section}.timeout"),
            reader.PositiveDuration($"{section}.connect-timeout"), lifetime == TimeSpan.Zero ? null : lifetime,
            connections == 0 ? null : connections,
            reader.Switch($"{section}.verify"));
    }

    private static HealthOptions ReadHealth(SectionReader reader, string section) => new(
        Path(reader, $"{section}.path"), reader.PositiveDuration($"{section}.interval"), reader.PositiveDuration($"{section}.timeout"),
        reader.Integer($"{section}.fall", 1, 1000), reader.Integer($"{section}.rise", 1, 1000));

    private static EjectionOptions ReadEjection(SectionReader reader, string section) => new()
    {
        Enabled = reader.Switch($"{section}.enabled"),
        Consecutive = reader.Integer($"{section}.consecutive", 1),
        Share = reader.Number($"{section}.share", 0, 1, open: true),
        Requests = reader.Integer($"{section}.requests", 1),
        Interval = LiveClock.Of(reader.PositiveDuration($"{section}.interval")),
        Time = LiveClock.Of(reader.PositiveDuration($"{section}.time")),
        Longest = LiveClock.Of(reader.PositiveDuration($"{section}.longest")),
        Panic = reader.Number($"{section}.panic", 0, 1),
    };

    private static LearnedOptions ReadLearned(SectionReader reader, string section) => new()
    {
        Period = reader.PositiveDuration($"{section}.period"),
        Policy = reader.Text($"{section}.policy"),
        Balancer = reader.Integer($"{section}.balancer", 0),
        OnLine = reader.Switch($"{section}.on-line"),
        Balance = new LiveBalancerOptions
        {
            LargestStep = reader.Number($"{section}.largest-step", 1, 1000, open: true),
            LeastWeight = reader.Number($"{section}.least-weight", 0, 1, open: true),
            Hysteresis = reader.Number($"{section}.hysteresis", 0, 0.99),
            PolicyShare = reader.Number($"{section}.policy-share", 0, 1),
            Estimation = new EstimationOptions { Memory = reader.Number($"{section}.memory", 50) },
        },
        Silence = reader.PositiveDuration($"{section}.silence"),
        Comparison = new ComparisonOptions
        {
            Enabled = reader.Switch($"{section}.comparison.enabled"),
            Slice = reader.PositiveDuration($"{section}.comparison.slice"),
            Share = reader.Number($"{section}.comparison.share", 0, 0.5, open: true),
            Margin = reader.Number($"{section}.comparison.margin", 0, 10),
            TimeOut = reader.PositiveDuration($"{section}.comparison.time-out"),
        },
    };

    private static string Path(SectionReader reader, string key)
    {
        string path = reader.Text(key);
        if (path.Length > 0 && (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal)))
        {
            reader.Problem(key, "a path such as \"/health\"");
        }
        return path;
    }
}

using System.Net;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Hocon;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Steering;

/// <summary>Reads the section <c>akkalb.steer</c>.</summary>
public static class SteerReader
{
    /// <summary>The section of what is steered.</summary>
    internal const string Balancers = $"{Section}.balancers";

    private const string Section = "akkalb.steer";

    /// <param name="overrides"><c>key=value</c>, relative to <c>akkalb.steer</c>.</param>
    /// <exception cref="InvalidInputException">Something is not as expected; the message names file, key, and what was.</exception>
    public static SteerOptions Load(string path, IReadOnlyList<string> overrides)
    {
        OrderedDictionary<string, bool> included = [];
        Config written = LiveFile.Read(path, Section, overrides, included);
        return Read(written, path) with { Absent = LiveFile.Absent(included) };
    }

    internal static SteerOptions Read(Config written, string source)
    {
        LiveFile.CheckSections(written, source, Section);
        Config complete = LiveFile.Template(Section).Complete(written, source);
        SectionReader reader = new(complete, source, written);
        SteerOptions options = new(
            source, LiveFile.OfRuntime(written).WithFallback(complete), reader.Text($"{Section}.name"), reader.Text($"{Section}.state"),
            reader.AnyDuration($"{Section}.keep"),
            [.. ProxyReader.Names(complete, Balancers).Select(name => ReadBalancer(reader, complete, name))]);
        if (options.State.Length == 0)
        {
            reader.Problem($"{Section}.state", "a folder, new or that of this service");
        }
        if (options.Balancers.Count == 0)
        {
            reader.Problem(Balancers, "nothing in it", "at least one balancer, such as { web { kind = haproxy } }");
        }
        reader.ThrowIfInvalid();
        return options;
    }

    private static SteeredOptions ReadBalancer(SectionReader reader, Config complete, string name)
    {
        if (!ProxyReader.IsPlain(name))
        {
            reader.Problem(Balancers, $"the name '{name}'", $"names of {ProxyReader.Plain}");
        }
        string section = ProxyReader.Key(Balancers, name);
        ISteeredTarget target = reader.Choice<Func<ISteeredTarget>>(
            $"{section}.kind",
            ("haproxy", () => ReadHaproxy(reader, $"{section}.haproxy")),
            ("nginx", () => ReadNginx(reader, $"{section}.nginx")),
            ("envoy", () => ReadEnvoy(reader, $"{section}.envoy")))();
        List<SteeredServer> servers = [];
        foreach (string server in ProxyReader.Names(complete, $"{section}.servers"))
        {
            string key = ProxyReader.Key($"{section}.servers", server, "address"), address = reader.Text(key);
            if (target is not HaproxyTarget
                && !(IPEndPoint.TryParse(address, out IPEndPoint? end) && end.ToString() == address && end.Port > 0))
            {
                reader.Problem(key, "ADDRESS:PORT with an IP address, as this kind knows its servers by it");
            }
            else if (target is not HaproxyTarget && servers.FirstOrDefault(other => other.Address == address) is { } same)
            {
                reader.Problem(key, $"another address than that of {same.Name}, as this kind knows its servers by it");
            }
            servers.Add(new SteeredServer(server, address));
        }
        if (servers.Count == 0)
        {
            reader.Problem($"{section}.servers", "nothing in it", "the servers, under the balancer's names for them");
        }
        return new SteeredOptions(
            name, reader.PositiveDuration($"{section}.period"), reader.PositiveDuration($"{section}.decide"),
            reader.Duration($"{section}.least-interval"),
            reader.Number($"{section}.hysteresis", 0, 1),
            new LiveBalancerOptions
            {
                LargestStep = reader.Number($"{section}.largest-step", 1, 1000, open: true),
                LeastWeight = reader.Number($"{section}.least-weight", 0, 1, open: true),
                Estimation = new EstimationOptions { Memory = reader.Number($"{section}.memory", 50) },
            },
            servers, target);
    }

    private static HaproxyTarget ReadHaproxy(SectionReader reader, string section)
    {
        bool byAgent = reader.Choice($"{section}.by", ("weight", false), ("agent", true));
        IPEndPoint? agent = null;
        if (byAgent && !(IPEndPoint.TryParse(reader.Text($"{section}.agent"), out agent) && agent.Port > 0))
        {
            reader.Problem($"{section}.agent", "ADDRESS:PORT with an IP address of this machine");
        }
        Required(reader, $"{section}.backend", "the name of a backend or listen section");
        Required(reader, $"{section}.socket", "the path of HAProxy's stats socket");
        return new HaproxyTarget(reader.Text($"{section}.socket"), reader.Text($"{section}.backend"), agent);
    }

    private static NginxTarget ReadNginx(SectionReader reader, string section)
    {
        Required(reader, $"{section}.upstream", "the path of a file that nginx's configuration includes");
        Required(reader, $"{section}.log", "the path of an access log");
        Required(reader, $"{section}.pid", "the path of nginx's pid file");
        if (!reader.Text($"{section}.name").All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            || reader.Text($"{section}.name").Length == 0)
        {
            reader.Problem($"{section}.name", "an upstream's name of letters, digits, '-', '_' and '.'");
        }
        return new NginxTarget(
            reader.Text($"{section}.upstream"), reader.Text($"{section}.name"), reader.Texts($"{section}.lines"),
            reader.Text($"{section}.log"), reader.Text($"{section}.pid"), reader.Duration($"{section}.lag"));
    }

    private static EnvoyTarget ReadEnvoy(SectionReader reader, string section)
    {
        Required(reader, $"{section}.cluster", "the name of a cluster");
        Required(reader, $"{section}.file", "the path of the file that Envoy reads its endpoints from");
        if (!Uri.TryCreate(reader.Text($"{section}.admin"), UriKind.Absolute, out Uri? admin) || admin.Scheme is not ("http" or "https"))
        {
            reader.Problem($"{section}.admin", "http://HOST:PORT");
        }
        return new EnvoyTarget(reader.Text($"{section}.file"), reader.Text($"{section}.cluster"), admin ?? new Uri("http://127.0.0.1"));
    }

    private static void Required(SectionReader reader, string key, string expected)
    {
        if (reader.Text(key).Length == 0)
        {
            reader.Problem(key, expected);
        }
    }
}

using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Proxy.Configuration;

/// <summary>Reads a proxy's file.</summary>
public static class ProxyReader
{
    internal const string Section = "akkalb.proxy";

    /// <summary>What <see cref="IsPlain"/> takes.</summary>
    internal const string Plain = "letters, digits, - and _";

    /// <summary>Reads and checks a file.</summary>
    /// <param name="overrides"><c>key=value</c>, relative to <c>akkalb.proxy</c>.</param>
    /// <exception cref="InvalidInputException">Something is not as expected; the message names file, key, and what was.</exception>
    public static ProxyOptions Load(string path, IReadOnlyList<string> overrides)
    {
        OrderedDictionary<string, bool> included = [];
        Config written = LiveFile.Read(path, Section, overrides, included);
        return Read(written, path, []) with { Files = [path, .. included.Keys], Absent = LiveFile.Absent(included) };
    }

    internal static ProxyOptions Read(Config written, string source, IReadOnlyList<string> overrides)
    {
        written = LiveFile.Override(written, Section, overrides);
        LiveFile.CheckSections(written, source, Section);
        Config complete = LiveFile.Template(Section).Complete(written, source);
        SectionReader reader = new(complete, source, written);
        ProxyOptions options = new(
            source,
            LiveFile.OfRuntime(written).WithFallback(complete),
            reader.Text($"{Section}.name"),
            reader.Text($"{Section}.state"),
            reader.AnyDuration($"{Section}.keep"),
            reader.Seed($"{Section}.seed"),
            reader.Period($"{Section}.reload"),
            reader.Duration($"{Section}.shutdown"),
            reader.Duration($"{Section}.shutdown-notice"),
            [.. Names(complete, $"{Section}.listeners").Select(name => ListenerReader.Read(reader, name))],
            ListenerReader.ReadAdmin(reader),
            ReadLimits(reader),
            [.. Names(complete, $"{Section}.routes").Select(name => ReadRoute(reader, name))],
            [.. Names(complete, $"{Section}.clusters").Select(name => ClusterReader.Read(reader, complete, name))]);
        Check(reader, options);
        reader.ThrowIfInvalid();
        return options;
    }

    /// <summary>The path of a named section or a key in it.</summary>
    internal static string Key(string section, string name, string key = "") =>
        $"{section}.{HoconWriter.Key(name)}{(key.Length > 0 ? "." : "")}{key}";

    internal static bool IsPlain(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    internal static string AddressKey(string cluster, string server) =>
        Key($"{Key($"{Section}.clusters", cluster)}.servers", server, "address");

    internal static IEnumerable<string> Names(Config complete, string section) => complete.GetValue(section)!.GetObject().Items.Keys;

    private static void Check(SectionReader reader, ProxyOptions options)
    {
        if (!IsPlain(options.Name))
        {
            reader.Problem($"{Section}.name", Plain);
        }
        if (options.State.Length == 0)
        {
            reader.Problem($"{Section}.state", "a folder, new or that of this proxy");
        }
        if (options.Listeners.Count == 0)
        {
            reader.Problem($"{Section}.listeners", "nothing in it",
                "at least one listener, such as { web { address = \"http://127.0.0.1:8080\" } }");
        }
        if (options.Clusters.Count == 0)
        {
            reader.Problem($"{Section}.clusters", "nothing in it", "at least one cluster with its servers");
        }
        CheckNames(reader, $"{Section}.routes", options.Routes.Select(route => route.Name));
        CheckNames(reader, $"{Section}.clusters", options.Clusters.Select(cluster => cluster.Name));
        foreach (ClusterOptions cluster in options.Clusters)
        {
            CheckNames(reader, $"{Key($"{Section}.clusters", cluster.Name)}.servers", cluster.Servers.Select(server => server.Name));
        }
        foreach (RouteOptions route in options.Routes.Where(route => options.Clusters.All(cluster => cluster.Name != route.Cluster)))
        {
            reader.Problem(Key($"{Section}.routes", route.Name, "cluster"), string.Join(" or ", options.Clusters.Select(c => c.Name)));
        }
        if (options.Routes.Count == 0 && options.Clusters.Count != 1)
        {
            reader.Problem($"{Section}.routes", "nothing in it", "at least one route, as there are several clusters");
        }
    }

    private static void CheckNames(SectionReader reader, string section, IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(alike => alike.Count() > 1) is { } alike)
        {
            reader.Problem(section, string.Join(" and ", alike.Select(name => $"'{name}'")), "names that differ in more than case");
        }
    }

    private static LimitOptions ReadLimits(SectionReader reader)
    {
        const string Limits = $"{Section}.limits";
        long body = (long)reader.Number($"{Limits}.body", 0, long.MaxValue / 2);
        int connections = reader.Integer($"{Limits}.connections", 0);
        return new LimitOptions(
            body == 0 ? null : body, reader.Integer($"{Limits}.header", 1024, 1 << 20), connections == 0 ? null : connections,
            reader.PositiveDuration($"{Limits}.header-timeout"), reader.PositiveDuration($"{Limits}.keep-alive"));
    }

    private static RouteOptions ReadRoute(SectionReader reader, string name)
    {
        string route = Key($"{Section}.routes", name);
        string path = reader.Text($"{route}.path");
        if (!path.StartsWith('/'))
        {
            reader.Problem($"{route}.path", "a path such as \"/api/{**rest}\"");
        }
        return new RouteOptions(
            name, reader.Text($"{route}.cluster"), path, reader.Texts($"{route}.hosts"),
            reader.Texts($"{route}.methods"),
            reader.Integer($"{route}.order", int.MinValue));
    }
}

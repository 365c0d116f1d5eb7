using System.Net;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Runtime.Cluster;

/// <summary>The section <c>akkalb.node</c>: a node of a cluster.</summary>
/// <param name="Roles">What it does.</param>
/// <param name="Host">Where other nodes reach it.</param>
/// <param name="Port">0: a free one.</param>
/// <param name="Bind">Address that it listens on; empty: <paramref name="Host"/>.</param>
/// <param name="BindPort">Port that it listens on; 0: <paramref name="Port"/>.</param>
/// <param name="Seeds"><c>host:port</c> of the nodes that are asked to let it in; empty: it begins a cluster of its own.</param>
/// <param name="Database">Connection string of PostgreSQL.</param>
/// <param name="Folder">For its log and working files.</param>
/// <param name="HttpHost">Where health and status are asked for.</param>
/// <param name="HttpPort">0: a free one.</param>
/// <param name="Tls">Certificates between nodes; null: no TLS.</param>
/// <param name="Lease">Whether the half of a split cluster lives on that has the lease; else the larger one.</param>
/// <param name="Fast">Whether a dead node is noticed in seconds at the price of false alarms.</param>
/// <param name="Runs">Played at once, at most.</param>
/// <param name="NodesToBegin">Nodes with agents before a run begins.</param>
/// <param name="Cells">Of the partition of a run's links, its shards.</param>
/// <param name="Patience">How long an agent may be silent.</param>
/// <param name="Akka">What the file says of <c>akka</c>, and all else.</param>
public sealed record NodeOptions(
    IReadOnlyList<string> Roles, string Host, int Port, string Bind, int BindPort, IReadOnlyList<string> Seeds, string Database,
    string Folder, string HttpHost, int HttpPort, NodeTls? Tls, bool Lease, bool Fast, int Runs, int NodesToBegin, int Cells,
    TimeSpan Patience,
    Config Akka)
{
    public const string Agents = PlacementOptions.Role, Learner = "learner", Gateway = "gateway";

    private const string Section = "akkalb.node";

    /// <summary>Address that it listens on.</summary>
    internal string BindHost => Bind.Length > 0 ? Bind : Host;

    /// <summary>What it was read from, for errors.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where runs are stored.</summary>
    internal ClusterDatabase Store => new(Database, NameOf("database"));

    /// <summary>Where events are stored, of all runs.</summary>
    internal JournalLocation Journal => JournalLocation.OfDatabase(Database) with { Key = Store.Key, Afterwards = "" };

    /// <summary>Reads a node's file.</summary>
    /// <param name="overrides"><c>key=value</c>.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or a key is not as expected.</exception>
    public static NodeOptions Read(string file, IReadOnlyList<string> overrides) => Read(
        ConfigurationLoader.Load(file, overrides, section: Section), file, Path.GetDirectoryName(Path.GetFullPath(file))!);

    /// <summary>Reads keys of nodes whose files have all defaults otherwise.</summary>
    /// <param name="overrides"><c>key=value</c>.</param>
    /// <param name="source">Named in errors.</param>
    /// <inheritdoc cref="Read(string, IReadOnlyList{string})"/>
    public static NodeOptions OfDefaults(IReadOnlyList<string> overrides, string source) => Read(
        ConfigurationLoader.Resolve(Config.Empty, source, [.. overrides, $"{Section["akkalb.".Length..]}.database=unused"]),
        source, Directory.GetCurrentDirectory());

    private static NodeOptions Read(Config config, string file, string here)
    {
        SectionReader reader = new(config, file);
        NodeOptions options = new(
            reader.Texts($"{Section}.roles"),
            reader.Text($"{Section}.host"),
            reader.Integer($"{Section}.port", 0, ushort.MaxValue),
            reader.Text($"{Section}.bind"),
            reader.Integer($"{Section}.bind-port", 0, ushort.MaxValue),
            reader.Texts($"{Section}.seeds"),
            reader.Text($"{Section}.database"),
            Path.GetFullPath(reader.Text($"{Section}.folder"), here),
            reader.Text($"{Section}.http.host"),
            reader.Integer($"{Section}.http.port", 0, ushort.MaxValue),
            NodeTls.Read(reader, $"{Section}.tls", here),
            reader.Choice($"{Section}.split-brain", ("lease", true), ("majority", false)),
            reader.Choice($"{Section}.failure-detection", ("steady", false), ("fast", true)),
            reader.Integer($"{Section}.runs", 1, 1000),
            reader.Integer($"{Section}.nodes-to-begin", 1, 1000),
            reader.Integer($"{Section}.cells", 1, 10_000),
            reader.Duration($"{Section}.patience"),
            config)
        {
            Source = file,
        };
        options.Check(reader);
        reader.ThrowIfInvalid();
        return options;
    }

    /// <summary>The database of a node's file, for who hands runs in and need not have the node's certificate.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or names no database.</exception>
    public static ClusterDatabase ReadDatabase(string file)
    {
        SectionReader reader = new(ConfigurationLoader.Load(file, []), file);
        string database = reader.Text($"{Section}.database");
        CheckDatabase(reader, database);
        reader.ThrowIfInvalid();
        return new ClusterDatabase(database, NameOf(file, "database"));
    }

    /// <summary>A key with the file that it is in, for errors.</summary>
    internal string NameOf(string key) => NameOf(Source, key);

    private static string NameOf(string file, string key) => $"{file}: '{Section}.{key}'";

    private static void CheckDatabase(SectionReader reader, string database)
    {
        if (database.Length == 0)
        {
            reader.Problem($"{Section}.database", $"a connection string {JournalDatabase.Example}");
        }
    }

    private void Check(SectionReader reader)
    {
        if (Roles.Count == 0 || Roles.Except([Agents, Learner, Gateway]).Any())
        {
            reader.Problem($"{Section}.roles", $"'{string.Join(", ", Roles)}'", $"a list of {Agents}, {Learner} and {Gateway}");
        }
        if (Host.Length == 0)
        {
            reader.Problem($"{Section}.host", "a host name or an address");
        }
        if (Seeds.Any(seed => !IsHostAndPort(seed)))
        {
            reader.Problem($"{Section}.seeds", $"'{Seeds.First(seed => !IsHostAndPort(seed))}'", "a list of host:port");
        }
        CheckDatabase(reader, Database);
        if (Patience < TimeSpan.FromMilliseconds(100))
        {
            reader.Problem($"{Section}.patience", "a duration of at least 100ms");
        }
        string[] open = [.. new[] { Host, Bind }.Where(address => address.Length > 0 && !IsLoopback(address))];
        if (open.Length > 0 && reader.Text($"{Section}.tls.certificate").Length == 0 && !reader.Switch($"{Section}.tls.insecure"))
        {
            reader.Problem(
                $"{Section}.tls.certificate", $"a certificate file, since others can reach {open[0]}, or '{Section}.tls.insecure' = on");
        }
        if (!IsLoopback(HttpHost) && !reader.Switch($"{Section}.http.insecure"))
        {
            reader.Problem($"{Section}.http.host", $"a loopback address, or '{Section}.http.insecure' = on");
        }
    }

    internal static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsHostAndPort(string seed) =>
        seed.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(seed[(colon + 1)..], out ushort port) && port > 0;
}

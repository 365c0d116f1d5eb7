using System.CommandLine;
using AkkaLb.Cli.Commands;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Input;

/// <summary>The options that say what to route and how, shared by the <c>network</c> commands, and how they are read.</summary>
internal sealed class NetworkInput
{
    /// <summary>What the commands' details say of defaults.</summary>
    public const string Defaults = """
        An imported topology (what 'akkalb network import' wrote, and any file but this program's own GML) is routed on shortest
        paths: --routing igp where its file has metrics, else shortest; and flows split by --hash proportional, or fluid where there
        are too many for it. Else the published dag and dx hold. Demands are always split exactly.
        """;

    private static readonly string[] ObjectiveWords =
        ["phi", "max-load", "max-utilisation", "fortz-thorup", "mean-delay", "percentile-95"];

    private readonly Option<string?> _flows = new("--flows") { Description = "Flows (JSON)", HelpName = "F.json" };
    private readonly Option<string?> _demands = new("--demands")
    {
        Description = "Instead of flows a demand matrix: CSV (from,to,rate), REPETITA, SNDlib, NumPy or TOTEM", HelpName = "D.csv",
    };
    private readonly Option<string?> _demandUnit = new("--demand-unit")
    {
        Description = "Unit of bare rates: bit/s, k, M, G or T (default: SNDlib M, REPETITA and TOTEM k, else bit/s)", HelpName = "UNIT",
    };
    private readonly Option<long> _at = Options.At();
    private readonly Option<string?> _routing = Options.WordOrNone(
        "--routing", "Next hops: along the DAG numbering, on shortest hops, or by IGP metrics (of the file, or inverse capacities); "
            + "or whole paths, the k shortest by these metrics, with weights of their own (evaluate, optimise and path alone)",
        "dag", "shortest", "igp", RoutingRule.PathsName);
    private readonly Option<int> _paths = Options.Whole(
        "--paths", "K", $"Paths of a pair of nodes with --routing {RoutingRule.PathsName}", 1, PathRouter.DefaultPathCount,
        PathRouter.MostPathCount);
    private readonly Option<string?> _hash = Options.WordOrNone(
        "--hash", "How flows choose by weight: the published hash, a hash in proportion, or split exactly", "dx", "proportional", "fluid");
    private readonly Option<string> _objective = Options.Word(
        "--objective", $"What counts: {string.Join(", ", ObjectiveWords)} (docs/network-routing.md)", ObjectiveWords);

    public NetworkInput() => _objective.HelpName = "OBJECTIVE";

    public TopologyInput Topology { get; init; } = new();

    public Option Hash => _hash;

    public IReadOnlyList<Option> RoutingOptions => [_routing, _paths];

    /// <summary>Whether the command can do with weights of paths; if not, <see cref="RoutingModel.KShortestPaths"/> is refused.</summary>
    public bool AllowsPaths { get; init; }

    /// <summary>An option whose file has times too, so that <c>--at</c> counts with demands; null for none.</summary>
    public Option? AlsoTimed { get; init; }

    /// <summary>All options, or without those that have no meaning where everything is split as a fluid.</summary>
    public void AddTo(Command command, bool fluidOnly = false)
    {
        Topology.AddTo(command);
        foreach (Option option in new Option[] { _flows, _demands, _demandUnit, _at, _routing })
        {
            command.Add(option);
        }
        if (AllowsPaths)
        {
            command.Add(_paths);
        }
        if (!fluidOnly)
        {
            command.Add(_hash);
            command.Add(_objective);
        }
    }

    /// <summary>Reads topology and traffic; what was supposed or changed is told on stderr.</summary>
    public NetworkCase Read(ParseResult parsed, CommandHost host) => Read(Topology.Read(parsed, host), parsed, host);

    /// <param name="run">
    /// A run folder whose flows and links at its time and whose routing hold where no option says others.
    /// </param>
    /// <inheritdoc cref="Read(ParseResult,CommandHost)"/>
    public NetworkCase Read(ImportedTopology imported, ParseResult parsed, CommandHost host, string? run = null)
    {
        RunRouting? ofRun = run is null ? null : RunRouting.Read(run);
        long ofRunAt = ofRun is null || IsGiven(parsed, _at) ? At(parsed) : ofRun.AtMs;
        NetworkCase network = ReadTraffic(imported, parsed, host, run, ofRun?.Rule, ofRunAt);
        if (ofRun is null || Topology.Path(parsed) is not null)
        {
            return network;
        }
        network = network.Without(ofRun.Changes.MissingAt(ofRunAt), Path.Combine(run!, RunFolder.TopologyChangesFile), ofRunAt);
        if (network.Missing.Count > 0)
        {
            TopologyInput.Tell(host, run!, [$"{network.Missing.Count} of {imported.Topology.LinkCount} links are down, and left out"]);
        }
        return network;
    }

    private NetworkCase ReadTraffic(
        ImportedTopology imported, ParseResult parsed, CommandHost host, string? run, RoutingRule? ofRun, long ofRunAt)
    {
        Topology topology = imported.Topology;
        string? flowsPath = parsed.GetValue(_flows), demandsPath = parsed.GetValue(_demands);
        if (flowsPath is not null && demandsPath is not null)
        {
            throw new InvalidInputException("--demands: expected either --flows or --demands, found both");
        }
        long at = At(parsed);
        if (flowsPath is null && demandsPath is null && run is not null)
        {
            (flowsPath, at) = (Path.Combine(run, RunFolder.FlowsFile), ofRunAt);
        }
        if (flowsPath is null && demandsPath is null)
        {
            // SNDlib has both in one file.
            demandsPath = imported.Format?.StartsWith("SNDlib", StringComparison.Ordinal) == true ? Topology.Path(parsed) : null;
            flowsPath = demandsPath is null
                ? throw new InvalidInputException("--flows: expected --flows or --demands, found neither") : null;
        }
        RoutingRule routing = Routing(parsed, topology, ofRun);
        if (demandsPath is null && IsGiven(parsed, _demandUnit))
        {
            throw new InvalidInputException($"{_demandUnit.Name}: counts with {_demands.Name} only, rates of flows are in bit/s");
        }
        if (demandsPath is not null && IsGiven(parsed, _at) && (AlsoTimed is null || !IsGiven(parsed, AlsoTimed)))
        {
            throw new InvalidInputException($"{_at.Name}: counts with {_flows.Name} only, demands have no times");
        }
        if (demandsPath is null)
        {
            IReadOnlyList<ActiveFlow> active =
                FlowJson.Read(InputFile.Read(flowsPath!, "--flows", "a JSON file of flows"), flowsPath!, topology).ActiveAt(at);
            bool tooMany = routing.Model != RoutingModel.KShortestPaths && parsed.GetValue(_hash) is null
                && routing.Hash == FlowHash.Proportional && !RendezvousHash.HasRoomFor(active.Count, topology);
            return new NetworkCase(topology, tooMany ? routing with { Hash = FlowHash.Fluid } : routing, active, null);
        }
        DemandMatrix matrix = DemandReader.Read(
            InputFile.ReadBytes(demandsPath, "--demands", "a file of demands"), demandsPath, imported,
            TopologyInput.Unit(parsed.GetValue(_demandUnit), "--demand-unit"));
        TopologyInput.Tell(host, demandsPath, matrix.Notes);
        return new NetworkCase(topology, routing with { Hash = FlowHash.Fluid }, null, matrix.Demands);
    }

    public long At(ParseResult parsed) => parsed.GetValue(_at);

    public Objective Objective(ParseResult parsed) => (Objective)Array.IndexOf(ObjectiveWords, parsed.GetValue(_objective));

    public static string Word(Objective objective) => ObjectiveWords[(int)objective];

    public bool NamesRouting(ParseResult parsed) => IsGiven(parsed, _routing);

    /// <param name="ofRun">What holds where no option says otherwise; null for what suits the topology.</param>
    public RoutingRule Routing(ParseResult parsed, Topology topology, RoutingRule? ofRun = null)
    {
        bool imported = topology.Origin is not null;
        RoutingModel model = parsed.GetValue(_routing) switch
        {
            "dag" => RoutingModel.Dag,
            "shortest" => RoutingModel.Shortest,
            "igp" => RoutingModel.Igp,
            RoutingRule.PathsName => RoutingModel.KShortestPaths,
            _ when ofRun is not null => ofRun.Model,
            _ when !imported => RoutingModel.Dag,
            _ => IgpPathCalculator.HasOwnMetrics(topology) ? RoutingModel.Igp : RoutingModel.Shortest,
        };
        bool whole = model == RoutingModel.KShortestPaths;
        if (whole && !AllowsPaths)
        {
            throw new InvalidInputException(
                $"--routing: expected dag, shortest or igp, as this command works with next hops, found {RoutingRule.PathsName}");
        }
        if (!whole && AllowsPaths && IsGiven(parsed, _paths))
        {
            throw new InvalidInputException($"--paths: counts with --routing {RoutingRule.PathsName} only");
        }
        if (whole && parsed.GetValue(_hash) == "dx")
        {
            throw new InvalidInputException($"--hash: expected proportional or fluid with --routing {RoutingRule.PathsName}, found dx");
        }
        int paths = AllowsPaths ? parsed.GetValue(_paths) : PathRouter.DefaultPathCount;
        FlowHash hash = parsed.GetValue(_hash) switch
        {
            "dx" => FlowHash.Dx,
            "proportional" => FlowHash.Proportional,
            "fluid" => FlowHash.Fluid,
            _ when ofRun is not null => ofRun.Hash,
            _ => imported || whole ? FlowHash.Proportional : FlowHash.Dx,
        };
        return (ofRun ?? new RoutingRule()) with { Model = model, Hash = hash, PathCount = paths };
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}

using System.CommandLine;
using AkkaLb.Cli.Commands;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Input;

/// <summary>The options that say what to route and how, shared by the <c>network</c> commands, and how they are read.</summary>
internal sealed class NetworkInput
{
    private readonly Option<string> _topology = Topology();
    private readonly Option<string> _flows = new("--flows") { Description = "Flows (JSON)", HelpName = "F.json", Required = true };
    private readonly Option<long> _at = Options.At();
    private readonly Option<string> _routing = Options.Word(
        "--routing", "Candidate next hops: along the DAG numbering, or on shortest hops only", "dag", "shortest");
    private readonly Option<string> _hash = Options.Word(
        "--hash", "How flows choose by weight: the published hash, or in proportion", "dx", "proportional");
    private readonly Option<string> _objective = Options.Word(
        "--objective", "What counts: Φ, the largest load or the largest utilisation", "phi", "max-load", "max-utilisation");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _topology, _flows, _at, _routing, _hash, _objective })
        {
            command.Add(option);
        }
    }

    public static Option<string> Topology() => new("--topology")
    {
        Description = $"Topology: a GML file, or one of {string.Join(", ", TopologyLibrary.Names)}",
        HelpName = "T.gml|NAME",
        Required = true,
    };

    /// <summary>A built-in topology when the name is one and no file has it, else a GML file.</summary>
    public static Topology ReadTopology(string nameOrPath) =>
        TopologyLibrary.Names.Contains(nameOrPath) && !File.Exists(nameOrPath)
            ? TopologyLibrary.Get(nameOrPath)
            : GmlTopology.Read(InputFile.Read(nameOrPath, "--topology", "a GML file", allowLatin1: true), nameOrPath);

    public Topology ReadTopology(ParseResult parsed) => ReadTopology(parsed.GetRequiredValue(_topology));

    public IReadOnlyList<ActiveFlow> ReadFlows(ParseResult parsed, Topology topology)
    {
        string path = parsed.GetRequiredValue(_flows);
        return FlowJson.Read(InputFile.Read(path, "--flows", "a JSON file of flows"), path, topology).ActiveAt(At(parsed));
    }

    public long At(ParseResult parsed) => parsed.GetValue(_at);

    public Objective Objective(ParseResult parsed) => parsed.GetValue(_objective) switch
    {
        "max-load" => Domain.Network.Objective.MaxLoad,
        "max-utilisation" => Domain.Network.Objective.MaxUtilisation,
        _ => Domain.Network.Objective.Variance,
    };

    public string Routing(ParseResult parsed) => parsed.GetValue(_routing)!;

    public FlowRouter Router(ParseResult parsed, Topology topology, IReadOnlyList<ActiveFlow> flows, bool allowDisconnected)
    {
        IPathCalculator paths = Routing(parsed) == "dag" ? new DagPathCalculator(topology) : new ShortestHopPathCalculator(topology);
        FlowHash hash = parsed.GetValue(_hash) == "dx" ? FlowHash.Dx : FlowHash.Proportional;
        return new FlowRouter(topology, flows, paths, hash, allowDisconnected: allowDisconnected);
    }
}

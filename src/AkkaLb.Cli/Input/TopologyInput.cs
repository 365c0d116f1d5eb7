using System.CommandLine;
using AkkaLb.Cli.Commands;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Input;

/// <summary>The options that name a topology and say what its file leaves open, shared by the <c>network</c> commands.</summary>
internal sealed class TopologyInput
{
    private readonly Option<string> _topology;
    private readonly Option<string> _capacity = new("--default-capacity")
    {
        Description = "Capacity of an edge that tells none, in bit/s: a number with k, M, G or T",
        HelpName = "SPEED",
        DefaultValueFactory = _ => "10G",
    };
    private readonly Option<string?> _unit = new("--capacity-unit")
    {
        Description = "Unit of bare capacities: bit/s, k, M, G or T (default: SNDlib M, REPETITA k, else bit/s)", HelpName = "UNIT",
    };

    public TopologyInput(bool required = true) => _topology = new("--topology")
    {
        Description = "Topology: a file (GML, GraphML, SNDlib, REPETITA, CSV or node-link JSON), or one of "
            + $"{string.Join(", ", TopologyLibrary.Names)}",
        HelpName = "T.gml|NAME",
        Required = required,
    };

    public void AddTo(Command command)
    {
        command.Add(_topology);
        AddOpenTo(command);
    }

    /// <summary>Only the options that say what a file leaves open.</summary>
    public void AddOpenTo(Command command)
    {
        command.Add(_capacity);
        command.Add(_unit);
    }

    public string? Path(ParseResult parsed) => parsed.GetValue(_topology);

    /// <summary>A built-in topology when the name is one and no file has it, else a file; what was changed is told on stderr.</summary>
    public ImportedTopology Read(ParseResult parsed, CommandHost host) => Read(parsed.GetRequiredValue(_topology), parsed, host);

    /// <inheritdoc cref="Read(ParseResult,CommandHost)"/>
    public ImportedTopology Read(string nameOrPath, ParseResult parsed, CommandHost host)
    {
        if (TopologyLibrary.Names.Contains(nameOrPath) && !File.Exists(nameOrPath))
        {
            Option? open = new Option[] { _capacity, _unit }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return open is null
                ? ImportedTopology.Of(TopologyLibrary.Get(nameOrPath))
                : throw new InvalidInputException(
                    $"{open.Name}: expected a topology's file, {nameOrPath} is built in and has its capacities");
        }
        ImportedTopology imported = TopologyImport.ReadAny(
            InputFile.Read(nameOrPath, "--topology", "a topology file", allowLatin1: true), nameOrPath, Options(parsed));
        if (imported.Format is { } format)
        {
            Tell(host, nameOrPath, [$"read as {format}: {imported.Topology.NodeCount} nodes, {imported.Topology.LinkCount} links",
                .. imported.Notes]);
        }
        return imported;
    }

    public ImportOptions Options(ParseResult parsed)
    {
        string speed = parsed.GetRequiredValue(_capacity);
        return new ImportOptions
        {
            DefaultCapacity = LinkSpeed.Parse(speed)
                ?? throw new InvalidInputException($"--default-capacity: expected bit/s such as 10G, 2.5G or 155M, found '{speed}'"),
            CapacityUnit = Unit(parsed.GetValue(_unit), "--capacity-unit"),
        };
    }

    /// <summary>Bit/s of a unit; null for none.</summary>
    public static double? Unit(string? word, string option) => word is null
        ? null
        : word.Length > 0 && LinkSpeed.Factor(word) is { } factor
            ? factor
            : throw new InvalidInputException($"{option}: expected bit/s, k, M, G or T, found '{word}'");

    public static void Tell(CommandHost host, string path, IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            host.Error.WriteLine($"{path}: {note}");
        }
    }
}

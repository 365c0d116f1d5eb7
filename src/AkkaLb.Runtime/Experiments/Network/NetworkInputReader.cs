using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Reads the files of an experiment's network: topology, its changes, and traffic.</summary>
internal static class NetworkInputReader
{
    public const string TopologyKey = "akkalb.network.topology", FlowsKey = "akkalb.network.flows.file";

    private const string ChangesKey = "akkalb.network.topology-changes", UnitKey = "akkalb.network.flows.unit";

    /// <summary>A built-in topology, or a file in any of the formats that 'akkalb network import' reads.</summary>
    public static ImportedTopology ReadTopology(SectionReader reader, string baseFolder)
    {
        const string section = "akkalb.network.topology-import", capacityKey = section + ".default-capacity",
            unitKey = section + ".capacity-unit";
        string name = reader.Text(TopologyKey);
        bool builtIn = TopologyLibrary.Names.Contains(name);
        double? capacity = LinkSpeed.Parse(reader.Text(capacityKey)),
            unit = ReadUnit(reader, unitKey, builtIn ? $"nothing, as '{TopologyKey}' is built in and has its capacities" : null);
        if (capacity is null)
        {
            reader.Problem(capacityKey, "bit/s such as 10G, 2.5G or 155M");
        }
        reader.ThrowIfInvalid();
        ImportOptions options = new() { DefaultCapacity = capacity!.Value, CapacityUnit = unit };
        return builtIn
            ? ImportedTopology.Of(TopologyLibrary.Get(name))
            : ReadFile(
                baseFolder, name,
                $"{reader.Origin(TopologyKey)}: '{TopologyKey}' names no built-in topology ({string.Join(", ", TopologyLibrary.Names)})",
                (text, path) => TopologyImport.ReadAny(text, path, options), allowLatin1: true);
    }

    public static TopologyChanges ReadChanges(SectionReader reader, string baseFolder, Topology topology)
    {
        string file = reader.Text(ChangesKey);
        return file.Length == 0
            ? TopologyChanges.None
            : ReadFile(baseFolder, file, reader.Origin(ChangesKey), (text, path) => TopologyChanges.Read(text, path, topology));
    }

    public static (FlowSet Flows, double? GeneratorMeanLoad) ReadFlows(
        SectionReader reader, string baseFolder, ImportedTopology imported, GravityOptions gravity, CancellationToken cancellation)
    {
        Topology topology = imported.Topology;
        string file = reader.Text(FlowsKey);
        bool isOther = file.Length > 0 && !file.EndsWith(".json", StringComparison.Ordinal)
            && !file.EndsWith(".json.gz", StringComparison.Ordinal);
        double? unit = ReadUnit(reader, UnitKey, isOther ? null : $"nothing, unless '{FlowsKey}' has demands or flow records");
        reader.ThrowIfInvalid();
        if (isOther)
        {
            string path = Path.Combine(baseFolder, file);
            return File.Exists(path)
                ? (ReadTraffic(File.ReadAllBytes(path), path, imported, unit), null)
                : throw new InvalidInputException($"{path}: no such file ({reader.Origin(FlowsKey)})");
        }
        if (file.Length > 0)
        {
            return (ReadFile(baseFolder, file, reader.Origin(FlowsKey), (text, path) => FlowJson.Read(text, path, topology)), null);
        }
        GeneratedFlows generated = new GravityFlowGenerator(topology, gravity).Generate(cancellation);
        return (generated.Flows, generated.PlacementMeanLoad);
    }

    private static FlowSet ReadTraffic(byte[] bytes, string path, ImportedTopology imported, double? unit) =>
        FlowRecords.TryRead(bytes, path, imported, unit ?? 1)
        ?? DemandReader.Read(bytes, path, imported, unit).ToFlows(imported.Topology);

    /// <param name="refusal">What is expected where a unit has nothing to count for; null: it has.</param>
    /// <returns>Null where none is asked for.</returns>
    private static double? ReadUnit(SectionReader reader, string key, string? refusal)
    {
        string text = reader.Text(key);
        double? unit = text.Length > 0 ? LinkSpeed.Factor(text) : null;
        if (text.Length > 0 && (unit is null || refusal is not null))
        {
            reader.Problem(key, refusal ?? "bit/s, k, M, G or T, or nothing");
        }
        return unit;
    }

    /// <summary>
    /// Agents learn in single precision, which holds neither the bit/s nor the squares of what the domain's double precision does: learning
    /// would go on with infinities until it fails at its end.
    /// </summary>
    public static void CheckMagnitudes(Topology topology, FlowSet flows)
    {
        const double highestRate = 1e30, highestRatio = 1e9;
        double demand = flows.Flows.Sum(flow => flow.Rates.Max(change => change.BitsPerSecond));
        double lowest = Math.Max(demand / highestRatio, 1 / highestRate);
        if (demand > highestRate)
        {
            throw new InvalidInputException(FormattableString.Invariant(
                $"{flows.Name}: all flows together have {demand:G5} bit/s, expected at most {highestRate} bit/s to learn on"));
        }
        for (int link = 0; link < topology.LinkCount; link++)
        {
            double capacity = topology.Capacities[link];
            if (capacity < lowest || capacity > highestRate)
            {
                throw new InvalidInputException(FormattableString.Invariant(
                    $"{topology.Name}: link {topology.Describe(new LinkId(link))} has bandwidth {capacity:R}, ")
                    + FormattableString.Invariant(
                    $"expected {lowest:G5} to {highestRate} bit/s to learn on under the {demand:G5} bit/s of {flows.Name}"));
            }
        }
    }

    /// <summary>While links are down some flows may wait for them; where none is routed there is nothing to learn or to compare.</summary>
    public static void CheckRoutable(SectionReader reader, string baseFolder, NetworkScenario scenario, long start)
    {
        if (scenario.Up.AreAll)
        {
            return;
        }
        string file = Path.Combine(baseFolder, reader.Text(ChangesKey));
        string at = $"at {start} ms ('{ChangesKey}' of {reader.Origin(ChangesKey)})";
        if (scenario.Up.Count == 0)
        {
            throw new InvalidInputException($"{file}: expected links that are up {at}, found none");
        }
        if (scenario.CountUnroutable() == scenario.Router.Count)
        {
            throw new InvalidInputException($"{file}: expected flows that have a path {at}, found none of {scenario.Router.Count}");
        }
    }

    private static T ReadFile<T>(string baseFolder, string file, string context, Func<string, string, T> read, bool allowLatin1 = false)
    {
        string path = Path.Combine(baseFolder, file);
        return File.Exists(path)
            ? read(ConfigurationLoader.ReadText(path, allowLatin1), path)
            : throw new InvalidInputException($"{path}: no such file ({context})");
    }
}

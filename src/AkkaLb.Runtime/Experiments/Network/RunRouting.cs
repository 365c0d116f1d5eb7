using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>How a network run routed the traffic that its weights are for.</summary>
/// <param name="AtMs">When, on the clock of its flows: the start of the last period.</param>
/// <param name="Changes">What is missing from its topology from when on.</param>
public sealed record RunRouting(RoutingRule Rule, long AtMs, TopologyChanges Changes)
{
    /// <exception cref="InvalidInputException">It is no folder of a network run.</exception>
    public static RunRouting Read(string runFolder)
    {
        RunFolder folder = RunFolder.Open(runFolder);
        string file = folder[RunFolder.ConfigurationFile];
        SectionReader reader = new(ConfigurationLoader.Load(file, []), file);
        reader.Choice("akkalb.family", ("network", 0));
        reader.ThrowIfInvalid();
        RoutingRule rule = ReadRule(reader);
        int periods = reader.Integer("akkalb.network.periods.count", 1);
        TimeSpan first = reader.AnyDuration("akkalb.network.flows.at"), length = reader.PositiveDuration("akkalb.network.periods.length");
        reader.ThrowIfInvalid();
        TopologyChanges changes = NetworkInputReader.ReadChanges(
            reader, folder.FullPath, NetworkInputReader.ReadTopology(reader, folder.FullPath).Topology);
        long last = ScenarioSchedule.StartsOf((long)first.TotalMilliseconds, periods, (long)length.TotalMilliseconds, changes)[^1];
        return new RunRouting(rule, last, changes);
    }

    /// <summary>The section <c>network.routing</c>.</summary>
    /// <exception cref="InvalidInputException">Paths are to have the weights.</exception>
    internal static RoutingRule ReadRule(SectionReader reader)
    {
        const string section = "akkalb.network.routing";
        if (reader.Text($"{section}.paths") == RoutingRule.PathsName)
        {
            throw new InvalidInputException(
                $"{reader.Source}: '{section}.paths' is '{RoutingRule.PathsName}', expected dag, shortest or igp: link agents decide "
                + "the weights of their links, and that routing has weights of paths");
        }
        RoutingModel paths = reader.Choice(
            $"{section}.paths", ("dag", RoutingModel.Dag), ("shortest", RoutingModel.Shortest), ("igp", RoutingModel.Igp));
        double detour = reader.Number($"{section}.detour-ratio", 1);
        FlowHash hash = reader.Choice(
            $"{section}.hash", ("dx", FlowHash.Dx), ("proportional", FlowHash.Proportional), ("fluid", FlowHash.Fluid));
        string hashSeed = reader.Text($"{section}.hash-seed");
        if (!hashSeed.All(char.IsAsciiDigit))
        {
            reader.Problem($"{section}.hash-seed", "decimal digits or nothing");
        }
        return new RoutingRule(paths, detour, hash, hashSeed);
    }
}

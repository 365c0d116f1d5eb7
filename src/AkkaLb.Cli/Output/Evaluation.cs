using System.Text.Json.Serialization;
using AkkaLb.Cli.Input;
using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>Link loads and objectives under given weights: the document of <c>network evaluate --json</c>. Names are a contract.</summary>
/// <param name="Flows">Number of flows, or of demands.</param>
/// <param name="Percentile95">Of the utilisations.</param>
/// <param name="MeanDelay">
/// Of M/M/1 queues, in seconds, for packets of 1000 bytes; null where nothing is routed, and where a link is full, as it has no bound then.
/// </param>
/// <param name="Routing">dag, shortest, igp or k-shortest-paths.</param>
/// <param name="Splitting">fluid, hash dx or hash proportional.</param>
internal sealed record Evaluation(
    double Phi, double MeanUtilisation, double MaxUtilisation, int Flows, int Unroutable, string Objective, double ObjectiveValue,
    double Percentile95, double FortzThorup, double? MeanDelay, string Routing, string Splitting, IReadOnlyList<LinkEvaluation> Links)
{
    private const double PacketBits = 8000;

    private string? _how;

    /// <summary>Of routing by paths, each with its weight; null where links have the weights.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PathEvaluation>? Paths { get; private init; }

    /// <param name="weights">As the router takes them: one per link of the topology, or one per path.</param>
    public static Evaluation Of(Topology topology, ITrafficRouter router, double[] weights, NetworkCase network, Objective objective)
    {
        double[] loads = new double[topology.LinkCount];
        int unroutable = router.Route(weights, loads);
        return Of(topology, router, weights, loads, unroutable, network, objective);
    }

    /// <param name="loads">Of every link in bit/s.</param>
    public static Evaluation Of(
        Topology topology, ITrafficRouter router, double[] weights, double[] loads, int unroutable, NetworkCase network,
        Objective objective)
    {
        ReadOnlySpan<double> capacities = topology.Capacities;
        PathRouter? paths = router as PathRouter;
        // Little's law: only what is on its way counts.
        double routed = unroutable == 0 ? router.Total : router.Routed(weights);
        double highest = ObjectiveFunction.MaxUtilisation(loads, capacities);
        return new Evaluation(
            ObjectiveFunction.Variance(loads, capacities),
            ObjectiveFunction.MeanUtilisation(loads, capacities),
            highest,
            router.Count,
            unroutable,
            NetworkInput.Word(objective),
            objective.Evaluate(loads, capacities),
            ObjectiveFunction.Percentile(loads, capacities, 0.95),
            ObjectiveFunction.FortzThorup(loads, capacities),
            routed > 0 && highest < 1 ? ObjectiveFunction.PacketsUnderWay(loads, capacities) * PacketBits / routed : null,
            network.Routing.Name,
            router.Splitting,
            [.. topology.Links.Select((link, i) => new LinkEvaluation(
                topology.Labels[link.From.Index], topology.Labels[link.To.Index], link.Key, paths is null ? weights[i] : null, loads[i],
                link.Capacity, loads[i] / link.Capacity))])
        {
            _how = network.Describe(router),
            Paths = paths is null ? null : PathEvaluation.Of(topology, paths, weights),
        };
    }

    public void Write(IAnsiConsole console)
    {
        string unroutable = Unroutable > 0 ? $", {Unroutable} of them without a path" : "";
        string traffic = Splitting == "fluid" ? "demand" : "flow";
        console.WriteLine($"Φ {Terminal.Figure(Phi)}, mean utilisation {Terminal.Figure(MeanUtilisation)}, highest "
            + $"{Terminal.Figure(MaxUtilisation)}, 95th percentile {Terminal.Figure(Percentile95)}");
        string delay = MeanDelay is { } seconds ? $"{Terminal.Figure(seconds * 1e3)} ms (M/M/1, 1000 bytes)"
            : MaxUtilisation >= 1 ? "without bound (a link is full)"
            : "–";
        console.WriteLine($"Fortz–Thorup cost {Terminal.Figure(FortzThorup)}, mean delay {delay}");
        console.WriteLine($"{Terminal.Count(Flows, traffic)}{unroutable}; {_how}; loads in Mbit/s");
        if (Objective != "phi")
        {
            console.WriteLine($"{Objective} {Terminal.Figure(ObjectiveValue)}");
        }
        Table table = Terminal.Table(
            ("from", Justify.Left), ("to", Justify.Left), ("weight", Justify.Right), ("load", Justify.Right),
            ("capacity", Justify.Right), ("utilisation", Justify.Right));
        foreach (LinkEvaluation link in Links)
        {
            string key = link.Key == 0 ? "" : $" #{link.Key}";
            string style = link.Utilisation switch { > 1 => "red", > 0.8 => "yellow", _ => "default" };
            table.AddRow(
                new Text(link.From), new Text(link.To + key), new Text(link.Weight is { } weight ? Terminal.Figure(weight) : "–"),
                new Text(Terminal.Megabits(link.Load)),
                new Text(Terminal.Megabits(link.Capacity)), new Text(Terminal.Percent(link.Utilisation), Style.Parse(style)));
        }
        console.WriteFitted(table);
    }
}

/// <param name="Path">Labels of its nodes.</param>
/// <param name="Keys">Of its links, where one is a parallel link other than the first.</param>
/// <param name="Length">Sum of the links' metrics.</param>
/// <param name="Share">Part of the pair's traffic that its weight asks for.</param>
internal sealed record PathEvaluation(
    IReadOnlyList<string> Path, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Keys,
    double Length, double Weight, double Share)
{
    public static IReadOnlyList<PathEvaluation> Of(Topology topology, PathRouter router, IReadOnlyList<double> weights)
    {
        Dictionary<(NodeId, NodeId), double> sums = router.Paths.Index().GroupBy(p => (p.Item.From, p.Item.To))
            .ToDictionary(pair => pair.Key, pair => pair.Sum(p => weights[p.Index]));
        return
        [
            .. router.Paths.Select((path, p) =>
            {
                int[] keys = PathWeightsFile.Keys(topology, path);
                return new PathEvaluation(
                    PathWeightsFile.Nodes(topology, path), keys.All(key => key == 0) ? null : keys, path.Length, weights[p],
                    weights[p] / sums[(path.From, path.To)]);
            }),
        ];
    }
}

/// <param name="Weight">Null where paths have the weights.</param>
/// <param name="Key">Tells parallel links apart; not printed for the first.</param>
/// <param name="Load">In bit/s, as is <paramref name="Capacity"/>.</param>
internal sealed record LinkEvaluation(
    string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Key,
    double? Weight, double Load, double Capacity, double Utilisation);

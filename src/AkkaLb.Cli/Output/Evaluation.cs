using System.Text.Json.Serialization;
using AkkaLb.Cli.Input;
using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>Link loads and objectives under given weights: the document of <c>network evaluate --json</c>. Names are a contract.</summary>
/// <param name="Flows">Number of flows, or of demands.</param>
/// <param name="Percentile95">Of the utilisations.</param>
/// <param name="MeanDelay">Of M/M/1 queues, in seconds, for packets of 1000 bytes; null where nothing is routed.</param>
/// <param name="Routing">dag, shortest or igp.</param>
/// <param name="Splitting">fluid, hash dx or hash proportional.</param>
internal sealed record Evaluation(
    double Phi, double MeanUtilisation, double MaxUtilisation, int Flows, int Unroutable, string Objective, double ObjectiveValue,
    double Percentile95, double FortzThorup, double? MeanDelay, string Routing, string Splitting, IReadOnlyList<LinkEvaluation> Links)
{
    private const double PacketBits = 8000;

    private string? _how;

    /// <param name="weights">One per link of the topology.</param>
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
        return new Evaluation(
            ObjectiveFunction.Variance(loads, capacities),
            ObjectiveFunction.MeanUtilisation(loads, capacities),
            ObjectiveFunction.MaxUtilisation(loads, capacities),
            router.Count,
            unroutable,
            NetworkInput.Word(objective),
            objective.Evaluate(loads, capacities),
            ObjectiveFunction.Percentile(loads, capacities, 0.95),
            ObjectiveFunction.FortzThorup(loads, capacities),
            router.Total > 0 ? ObjectiveFunction.PacketsUnderWay(loads, capacities) * PacketBits / router.Total : null,
            network.Routing.Name,
            router.Splitting,
            [.. topology.Links.Select((link, i) => new LinkEvaluation(
                topology.Labels[link.From.Index], topology.Labels[link.To.Index], link.Key, weights[i], loads[i], link.Capacity,
                loads[i] / link.Capacity))])
        {
            _how = network.Describe(router),
        };
    }

    public void Write(IAnsiConsole console)
    {
        string unroutable = Unroutable > 0 ? $", {Unroutable} of them without a path" : "";
        string traffic = Splitting == "fluid" ? "demand" : "flow";
        console.WriteLine($"Φ {Terminal.Figure(Phi)}, mean utilisation {Terminal.Figure(MeanUtilisation)}, highest "
            + $"{Terminal.Figure(MaxUtilisation)}, 95th percentile {Terminal.Figure(Percentile95)}");
        string delay = MeanDelay is not { } seconds ? "–"
            : MaxUtilisation < 1 ? $"{Terminal.Figure(seconds * 1e3)} ms (M/M/1, 1000 bytes)"
            : "without bound (a link is full)";
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
                new Text(link.From), new Text(link.To + key), new Text(Terminal.Figure(link.Weight)),
                new Text(Terminal.Megabits(link.Load)),
                new Text(Terminal.Megabits(link.Capacity)), new Text(Terminal.Percent(link.Utilisation), Style.Parse(style)));
        }
        console.WriteFitted(table);
    }
}

/// <param name="Key">Tells parallel links apart; not printed for the first.</param>
/// <param name="Load">In bit/s, as is <paramref name="Capacity"/>.</param>
internal sealed record LinkEvaluation(
    string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Key,
    double Weight, double Load, double Capacity, double Utilisation);

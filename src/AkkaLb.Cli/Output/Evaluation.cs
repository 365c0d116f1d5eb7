using System.Text.Json.Serialization;
using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>Link loads and objectives under given weights: the document of <c>network evaluate --json</c>. Names are a contract.</summary>
internal sealed record Evaluation(
    double Phi, double MeanUtilisation, double MaxUtilisation, int Flows, int Unroutable, string Objective, double ObjectiveValue,
    IReadOnlyList<LinkEvaluation> Links)
{
    /// <param name="weights">One per link of the topology.</param>
    public static Evaluation Of(Topology topology, FlowRouter router, double[] weights, Objective objective)
    {
        double[] loads = new double[topology.LinkCount];
        int unroutable = router.Route(weights, loads);
        return new Evaluation(
            ObjectiveFunction.Variance(loads, topology.Capacities),
            ObjectiveFunction.MeanUtilisation(loads, topology.Capacities),
            ObjectiveFunction.MaxUtilisation(loads, topology.Capacities),
            router.Flows.Count,
            unroutable,
            Word(objective),
            objective.Evaluate(loads, topology.Capacities),
            [.. topology.Links.Select((link, i) => new LinkEvaluation(
                topology.Labels[link.From.Index], topology.Labels[link.To.Index], link.Key, weights[i], loads[i], link.Capacity,
                loads[i] / link.Capacity))]);
    }

    public static string Word(Objective objective) => objective switch
    {
        Domain.Network.Objective.MaxLoad => "max-load",
        Domain.Network.Objective.MaxUtilisation => "max-utilisation",
        _ => "phi",
    };

    public void Write(IAnsiConsole console)
    {
        string unroutable = Unroutable > 0 ? $", {Unroutable} of them without a path" : "";
        console.WriteLine($"Φ {Terminal.Figure(Phi)}, mean utilisation {Terminal.Figure(MeanUtilisation)}, highest {Terminal.Figure(MaxUtilisation)}; {Flows} flows{unroutable}; loads in Mbit/s");
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

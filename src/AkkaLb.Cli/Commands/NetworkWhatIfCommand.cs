using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain.Network;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network whatif</c>: every single failure.</summary>
internal static class NetworkWhatIfCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "whatif",
            "Show what every single failure of a link or a node would do",
            """
            Takes every link (both directions at once) and every node away, one at a time, routes the traffic over what is left with the
            same weights, and shows the highest utilisation and how many pairs of nodes with traffic have no path any more, worst first.
            Traffic from and to a failed node does not count. Splits are in proportion to the weights, exactly.
            """ + "\n" + NetworkInput.Defaults,
            "akkalb network whatif --topology topology.gml --flows flows.json --routing shortest",
            "akkalb network whatif --topology links.csv --demands demands.csv --demand-unit M --weights weights.json --json");
        NetworkInput input = new();
        input.AddTo(command, fluidOnly: true);
        Option<string?> weights = NetworkPathCommand.WeightsOption();
        Option<int> threads = Options.Whole(
            "--threads", "N", "Threads that evaluate; changes the time only", 1, Environment.ProcessorCount);
        Option<bool> json = Options.Json("the network as it is, and every failure");
        foreach (Option option in new Option[] { weights, threads, json })
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            NetworkCase network = input.Read(parsed, host).NotEmpty();
            double[] values = NetworkPathCommand.ReadWeights(parsed.GetValue(weights), network.Topology);
            FluidRouter router = network.Fluid();
            Evaluation whole = Evaluation.Of(network.Topology, router, values, network, Objective.Variance);
            long start = host.Time.GetTimestamp(), last = start;
            object gate = new();
            void Progress(int done, int all)
            {
                lock (gate)
                {
                    if (host.Time.GetElapsedTime(last) >= PlainRunDisplay.Interval)
                    {
                        last = host.Time.GetTimestamp();
                        TimeSpan left = host.Time.GetElapsedTime(start) * ((double)(all - done) / done);
                        host.Error.WriteLine($"{done} of {all} failures evaluated, {Terminal.Duration(left)} left");
                    }
                }
            }
            IReadOnlyList<Failure> failures = await Task.Run(
                () => Failures.Evaluate(
                    network.Topology, network.AsDemands(), network.Routing, values, parsed.GetValue(threads), Progress, cancellation),
                cancellation);
            Failure[] worst = [.. failures.OrderByDescending(failure => failure.Isolated).ThenByDescending(
                failure => failure.MaxUtilisation)];
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new WhatIf(
                    whole.Phi, whole.MaxUtilisation, whole.Routing, router.Splitting, whole.Flows,
                    [.. worst.Select(f => new FailureDocument(
                        f.IsNode ? "node" : "link", f.What, f.Phi, f.MaxUtilisation, f.Fullest, f.Isolated))]));
                return ExitCodes.Success;
            }
            IAnsiConsole console = Terminal.ForResult(host);
            console.WriteLine(
                $"without a failure: highest utilisation {Terminal.Percent(whole.MaxUtilisation)}, Φ {Terminal.Figure(whole.Phi)}; "
                + $"{Terminal.Count(whole.Flows, "pair")} with traffic; {network.Describe(router)}");
            Table table = Terminal.Table(
                ("fails", Justify.Left), ("highest", Justify.Right), ("isolated", Justify.Right), ("Φ", Justify.Right),
                ("on", Justify.Left));
            foreach (Failure failure in worst)
            {
                string style = failure.Isolated > 0 || failure.MaxUtilisation > 1 ? "red" : failure.MaxUtilisation > 0.8 ? "yellow"
                    : "default";
                table.AddRow(
                    new Text((failure.IsNode ? "node " : "link ") + failure.What),
                    new Text(Terminal.Percent(failure.MaxUtilisation), Style.Parse(style)), new Text(Terminal.Count(failure.Isolated)),
                    new Text(Terminal.Figure(failure.Phi)), new Text(failure.Fullest ?? "–"));
            }
            console.WriteFitted(table);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The document of <c>network whatif --json</c>. Names are a contract.</summary>
    /// <param name="Pairs">Pairs of nodes with traffic.</param>
    private sealed record WhatIf(
        double Phi, double MaxUtilisation, string Routing, string Splitting, int Pairs, IReadOnlyList<FailureDocument> Failures);

    /// <param name="Kind">link or node.</param>
    /// <param name="On">The fullest link.</param>
    private sealed record FailureDocument(string Kind, string What, double Phi, double MaxUtilisation, string? On, int Isolated);
}

using System.CommandLine;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb network traffic</c>: matrices and flow records, made flows over time that the other commands read.</summary>
internal static class NetworkTrafficCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "traffic",
            "Make flows over time of matrices, a series of them, or flow records",
            """
            FILE is a matrix in one of the formats of --demands; several files, or a folder in the order of its names (m2 before m10), are
            a series, of which each holds for --interval. --diurnal makes a day of one matrix, r (1 + a cos 2π (h − peak) / 24), hour by
            hour. A CSV with the columns from, to, start, end and rate or bytes (also those of nfdump: ts, te, ibyt) is flow records; its
            times are milliseconds, or dates, which count from the first. --total sets the largest total of any time. The result is JSON
            for --flows and network.flows.file.
            """,
            "akkalb network traffic matrices/ --topology geant.xml --interval 900 --out flows.json",
            "akkalb network traffic demands.csv --topology topology.gml --diurnal 0.6 --total 40G --out day.json",
            "akkalb network traffic records.csv --topology topology.gml --out flows.json");
        Argument<string[]> files = new("FILE")
        {
            Description = "Matrices, a folder of them, or flow records", Arity = ArgumentArity.OneOrMore,
        };
        TopologyInput topology = new();
        Option<string?> unit = new("--demand-unit")
        {
            Description = "Unit of bare rates: bit/s, k, M, G or T (default: SNDlib M, REPETITA and TOTEM k, else bit/s)",
            HelpName = "UNIT",
        };
        Option<double?> interval = Options.Seconds("--interval", "How long each matrix of a series holds (default 300)");
        Option<double?> diurnal = Options.Number("--diurnal", "A", "Amplitude of a day, from 0 to 1", 0, 1);
        Option<double?> peak = Options.Number("--peak-hour", "H", "Hour of the day with the most traffic (default 20)", 0, 24);
        Option<string?> total = new("--total") { Description = "Scale so that the largest total is this, such as 40G", HelpName = "SPEED" };
        Option<string> output = new("--out") { Description = "The flows file to write (JSON)", HelpName = "F.json", Required = true };
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("flows, changes of rate, totals");
        command.Add(files);
        topology.AddTo(command);
        foreach (Option option in new Option[] { unit, interval, diurnal, peak, total, output, force, json })
        {
            command.Add(option);
        }
        command.Validators.Add(result =>
        {
            bool given(Option option) => result.GetResult(option) is { Implicit: false };
            if (given(diurnal) && given(interval))
            {
                result.AddError("--interval: counts without --diurnal only, whose day goes hour by hour");
            }
            if (given(peak) && !given(diurnal))
            {
                result.AddError("--peak-hour: counts with --diurnal only");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(output);
            OutputFile file = OutputFile.Of(path, "--out", parsed);
            double? wanted = parsed.GetValue(total) is { } speed
                ? LinkSpeed.Parse(speed) ?? throw new InvalidInputException($"--total: expected bit/s such as 40G, found '{speed}'")
                : null;
            double? bare = TopologyInput.Unit(parsed.GetValue(unit), "--demand-unit");
            ImportedTopology network = topology.Read(parsed, host);
            string[] paths = [.. parsed.GetRequiredValue(files).SelectMany(Files)];
            FlowSet flows = Read();
            if (flows.Flows.Count == 0)
            {
                throw new InvalidInputException(
                    $"{paths[0]}: expected traffic between two nodes of {network.Topology.Name}, found none");
            }
            double highest = flows.HighestTotal();
            if (wanted is { } most && highest > 0)
            {
                (flows, highest) = (flows.Scaled(most / highest), most);
            }
            file.Write(FlowJson.Write(flows, network.Topology), cancellation);
            int changes = flows.Flows.Sum(flow => flow.Rates.Count - 1);
            long until = flows.Flows.Max(flow => flow.EndMs);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(host.Out, new Made(path, network.Topology.Name, paths.Length, flows.Flows.Count, changes, until, highest));
            }
            else
            {
                host.Out.WriteLine(
                    $"{path}: {Terminal.Count(flows.Flows.Count)} flows, {Terminal.Count(changes)} changes of rate, "
                    + $"until {Terminal.Count(until)} ms; largest total {LinkSpeed.Write(highest)}bit/s");
            }
            return Task.FromResult(ExitCodes.Success);

            FlowSet Read()
            {
                double? amplitude = parsed.GetValue(diurnal);
                byte[] first = InputFile.ReadBytes(paths[0], "FILE", "a file of demands");
                if (paths.Length == 1 && FlowRecords.TryRead(first, paths[0], network, bare ?? 1) is { } records)
                {
                    TopologyInput.Tell(host, paths[0], records.Notes);
                    string? odd = amplitude is not null ? "--diurnal" : parsed.GetValue(interval) is not null ? "--interval" : null;
                    return odd is null
                        ? records
                        : throw new InvalidInputException($"{odd}: expected a matrix, found flow records, which have their times");
                }
                List<DemandMatrix> matrices = [];
                foreach (string matrix in paths)
                {
                    cancellation.ThrowIfCancellationRequested();
                    byte[] bytes = matrices.Count == 0 ? first : InputFile.ReadBytes(matrix, "FILE", "a file of demands");
                    matrices.Add(DemandReader.Read(bytes, matrix, network, bare));
                }
                foreach (IGrouping<string, string> note in matrices.SelectMany(
                    matrix => matrix.Notes, (matrix, note) => (matrix.Name, Note: note)).GroupBy(told => told.Note, told => told.Name))
                {
                    int others = note.Count() - 1;
                    TopologyInput.Tell(
                        host, note.First(), [$"{note.Key}{(others == 0 ? "" : $" (and in {Terminal.Count(others, "more file")})")}"]);
                }
                if (amplitude is { } a)
                {
                    return matrices.Count == 1
                        ? TrafficSeries.OfDay(matrices[0], a, parsed.GetValue(peak) ?? 20, network.Topology)
                        : throw new InvalidInputException($"--diurnal: expected one matrix, found {matrices.Count}");
                }
                long milliseconds = (long)Math.Max(1, Math.Round(1000 * (parsed.GetValue(interval) ?? 300)));
                return TrafficSeries.Of(matrices, milliseconds, network.Topology);
            }
        });
        return command;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }
        string[] inside = [.. Directory.EnumerateFiles(path).Order(NaturalOrder.Instance)];
        return inside.Length > 0 ? inside : throw new InvalidInputException(
            $"{path}: FILE: expected a folder with matrices, found it empty");
    }

    /// <summary>The document of <c>network traffic --json</c>. Names are a contract.</summary>
    /// <param name="Until">Virtual ms.</param>
    /// <param name="HighestTotal">Bit/s.</param>
    private sealed record Made(string Out, string Topology, int Files, int Flows, int Changes, long Until, double HighestTotal);
}

using System.CommandLine;
using System.Globalization;
using AkkaLb.Cli.Input;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Runtime.AccessLogs;
using Spectre.Console;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb datacenter import</c>: an access log, made a trace that experiments replay.</summary>
internal static class DataCenterImportCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "import",
            "Make a trace of the access log of nginx, HAProxy or Envoy, or of a CSV, for 'datacenter.traffic.trace' of an experiment",
            """
            Reads nginx (combined, with $request_time and $upstream_response_time in the usual places, or any --log-format), HAProxy's
            HTTP log, Envoy's JSON log and CSV; gzipped, too. A line becomes an arrival, a service time where the log has upstream times,
            and a class by how its path begins. Lines out of order are sorted within --reorder. What is left out, cut or supposed is
            listed with line numbers. A service time of a log holds the waiting within that server; a trace has it as work.
            Experiments read logs as they are, too, by the keys of 'datacenter.traffic.log'.
            """,
            "akkalb datacenter import access.log.gz --prefix page=/wiki/ --prefix file=/ --out trace.csv",
            "akkalb datacenter import access.log --log-format '$msec $request_time $upstream_response_time $request' --out trace.csv",
            "akkalb datacenter import jobs.csv --arrival at --arrival-unit ms --service took --class kind --out trace.csv");
        Argument<string> source = new("LOG") { Description = "The access log" };
        Option<string> output = new("--out") { Description = "The trace to write (CSV)", HelpName = "TRACE.csv", Required = true };
        Option<string> format = Options.Word(
            "--format", "What wrote the log; auto: told from its first lines", [.. LogOptions.Kinds.Select(k => k.Word)]);
        Option<string> logFormat = new("--log-format")
        {
            Description = "nginx's log_format, its text or the whole directive", HelpName = "FORMAT", DefaultValueFactory = _ => "",
        };
        LogOptions usual = new();
        Option<string> arrival = Column("--arrival", "CSV: the column of arrivals, numbers or ISO 8601", usual.Arrival);
        Option<string> service = Column("--service", "CSV: the column of service times", usual.Service);
        Option<string> kind = Column("--class", "CSV: the column of classes, or of paths with --prefix", usual.Class);
        string[] units = [.. LogOptions.Units.Select(unit => unit.Word)];
        Option<string> arrivalUnit = Options.Word("--arrival-unit", "CSV: the unit of arrivals that are numbers", units);
        Option<string> serviceUnit = Options.Word("--service-unit", "CSV: the unit of service times", units);
        Option<ClassRule[]> classes = Classes();
        Option<bool> only = new("--only-named") { Description = "Leave out requests that no --prefix names; else they are class 'other'" };
        Option<double> reorder = Seconds("--reorder", "Requests later than so many seconds after one that arrived later are left out", 60);
        Option<double> from = Seconds("--from", "Cut off arrivals before so many seconds after the first", 0);
        Option<double> until = Seconds(
            "--until", "Cut off arrivals from so many seconds after the first on", Ticks.ToSeconds(Ticks.Longest));
        Option<bool> force = Options.Force();
        Option<bool> json = Options.Json("format, requests, load, classes, and what was left out");
        command.Add(source);
        foreach (Option option in new Option[]
        {
            output, format, logFormat, arrival, service, kind, arrivalUnit, serviceUnit, classes, only, reorder, from, until, force, json,
        })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source), written = parsed.GetRequiredValue(output);
            LogOptions options = new()
            {
                Kind = LogOptions.Kinds.First(k => k.Word == parsed.GetValue(format)).Kind,
                Format = parsed.GetRequiredValue(logFormat),
                Arrival = parsed.GetRequiredValue(arrival),
                Service = parsed.GetRequiredValue(service),
                Class = parsed.GetRequiredValue(kind),
                ArrivalUnit = UnitOf(parsed.GetRequiredValue(arrivalUnit)),
                ServiceUnit = UnitOf(parsed.GetRequiredValue(serviceUnit)),
                Rules = parsed.GetRequiredValue(classes),
                OnlyNamed = parsed.GetValue(only),
                Reorder = Ticks.FromSeconds(parsed.GetValue(reorder)),
                From = Ticks.FromSeconds(parsed.GetValue(from)),
                Until = Ticks.FromSeconds(parsed.GetValue(until)),
            };
            if (options.Until <= options.From)
            {
                throw new InvalidInputException(
                    $"--until: expected more than --from ({Terminal.Figure(parsed.GetValue(from))}), found "
                        + $"{Terminal.Figure(parsed.GetValue(until))}");
            }
            if (options.OnlyNamed && options.Rules.Count == 0)
            {
                throw new InvalidInputException("--only-named: expected at least one --prefix NAME=PREFIX beside it");
            }
            OutputFile file = OutputFile.Of(written, "--out", parsed);
            ImportedTrace trace = LogImport.Read(InputFile.Read(path, "LOG", "an access log", allowLatin1: true), path, options);
            if (trace.Format != "CSV" && new Option[] { arrival, service, kind, arrivalUnit, serviceUnit }.FirstOrDefault(
                option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            {
                throw new InvalidInputException($"{other.Name}: counts for CSV only, and {path} is of {trace.Format}");
            }
            file.Write(trace.ToCsv());
            Write(host, trace, path, written, parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(CommandHost host, ImportedTrace trace, string path, string written, bool json)
    {
        ClassFigures[] classes = [.. trace.Classes.Select((name, k) => ClassFigures.Of(name, trace, k))];
        if (json)
        {
            JsonOutput.Write(host.Out, new Import(
                written, trace.Format, trace.Rows.Count, trace.Lines, trace.Seconds, trace.Rate, trace.HasWork ? trace.MeanService : null,
                trace.Busy, classes, trace.OutOfOrder, trace.Unreadable, trace.Notes));
            return;
        }
        host.Out.WriteLine($"{written}: from {path}");
        host.Out.WriteLine(trace.Describe());
        IAnsiConsole console = Terminal.ForResult(host);
        Table table = Terminal.Table(
            ("class", Justify.Left), ("requests", Justify.Right), ("share", Justify.Right), ("mean service, s", Justify.Right),
            ("p99, s", Justify.Right));
        foreach (ClassFigures c in classes)
        {
            table.AddRow(
                new Text(c.Name), new Text(Terminal.Count(c.Requests)), new Text(Terminal.Percent((double)c.Requests / trace.Rows.Count)),
                new Text(Terminal.Figure(c.MeanService)), new Text(Terminal.Figure(c.P99Service)));
        }
        console.WriteFitted(table);
        foreach (string note in trace.Notes)
        {
            host.Out.WriteLine($"- {note}");
        }
        if (trace.Busy is { } busy)
        {
            host.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"- {busy:0.##} requests are served at once on average: a load of 0.8 needs "
                + $"{Math.Max(1, Math.Ceiling(busy / 0.8)):0} workers"));
        }
    }

    private static long UnitOf(string word) => LogOptions.Units.First(unit => unit.Word == word).Ticks;

    private static Option<string> Column(string name, string description, string usual) =>
        new(name) { Description = description, HelpName = "COLUMN", DefaultValueFactory = _ => usual };

    private static Option<double> Seconds(string name, string description, double fallback) =>
        Options.From(name, "S", description, 0, Ticks.ToSeconds(Ticks.Longest), fallback);

    private static Option<ClassRule[]> Classes() => new("--prefix")
    {
        Description = "Requests whose path begins with PREFIX are of class NAME; the first that fits counts",
        HelpName = "NAME=PREFIX",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            List<ClassRule> rules = [];
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                if (ClassRule.Parse(text) is { } rule)
                {
                    rules.Add(rule);
                }
                else
                {
                    result.AddError($"--prefix: expected NAME=PREFIX such as page=/wiki/, found '{text}'");
                }
            }
            return [.. rules];
        },
    };

    /// <summary>The document of <c>datacenter import --json</c>. Names are a contract.</summary>
    /// <param name="Seconds">From the first arrival to the last.</param>
    /// <param name="Rate">Arrivals per second; null where all came at once.</param>
    /// <param name="MeanService">Seconds; null where the log has no service times.</param>
    /// <param name="Busy">Requests served at once on average; null where the log has no service times, or no span of time.</param>
    private sealed record Import(
        string Out, string Format, int Requests, int Lines, double Seconds, double? Rate, double? MeanService, double? Busy,
        IReadOnlyList<ClassFigures> Classes, int OutOfOrder, int Unreadable, IReadOnlyList<string> Notes);

    /// <summary>Service times in seconds; null where the log has none.</summary>
    private sealed record ClassFigures(string Name, int Requests, double? MeanService, double? P99Service)
    {
        public static ClassFigures Of(string name, ImportedTrace trace, int place)
        {
            double[] times = [.. trace.Rows.Where(r => r.Class == place).Select(r => Ticks.ToSeconds(r.Work)).Order()];
            return trace.HasWork
                ? new ClassFigures(name, times.Length, times.Average(), Runtime.Experiments.DataCenter.Statistics.Quantile(times, 0.99))
                : new ClassFigures(name, times.Length, null, null);
        }
    }
}

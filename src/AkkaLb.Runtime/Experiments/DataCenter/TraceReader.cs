using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Hocon;
using AkkaLb.Runtime.AccessLogs;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>A trace of an experiment.</summary>
/// <param name="Text">What the run folder keeps; it reads back to the same rows.</param>
/// <param name="Notes">What was left out, changed or supposed when a log became this trace; and its load.</param>
internal sealed record ExperimentTrace(
    string Text, IReadOnlyList<TraceRow> Rows, IReadOnlyList<string> Classes, IReadOnlyList<string> Notes);

/// <summary>Reads the trace of an experiment: a published one, one that was imported, or a log as it is.</summary>
internal static class TraceReader
{
    private const string Section = "akkalb.datacenter.traffic.log";

    private const string PublishedHeader = "time\tquery";

    /// <summary>The keys about logs that a trace made of one is read by: those of the log itself are not for it.</summary>
    public static Config UsualOptions { get; } =
        Config.Parse($"{Section} {HoconWriter.Write(ConfigurationLoader.Reference.GetValue(Section)!)}");

    /// <summary>Reads the keys about logs, whether there is a trace or none.</summary>
    public static LogOptions ReadOptions(SectionReader reader)
    {
        List<ClassRule> rules = [];
        foreach (string text in reader.Texts($"{Section}.classes"))
        {
            if (ClassRule.Parse(text) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                reader.Problem($"{Section}.classes", $"\"{text}\"", "entries such as \"page=/wiki/\": a name and how its paths begin");
            }
        }
        return new LogOptions
        {
            Kind = reader.Choice($"{Section}.format", LogOptions.Kinds),
            Format = reader.Text($"{Section}.log-format"),
            Arrival = reader.Text($"{Section}.arrival"),
            Service = reader.Text($"{Section}.service"),
            Class = reader.Text($"{Section}.class"),
            ArrivalUnit = reader.Choice($"{Section}.arrival-unit", LogOptions.Units),
            ServiceUnit = reader.Choice($"{Section}.service-unit", LogOptions.Units),
            Rules = rules,
            OnlyNamed = reader.Choice($"{Section}.others", ("keep", false), ("leave-out", true)),
            Reorder = DataCenterExperimentReader.ReadTicks(reader, $"{Section}.reorder", 0),
        };
    }

    /// <param name="secondsPerIteration">Of a published trace.</param>
    /// <param name="publishedClass">The class of its jobs.</param>
    /// <exception cref="InvalidInputException">The file is not there, or is no trace or log.</exception>
    public static ExperimentTrace Read(string path, LogOptions options, double secondsPerIteration, string publishedClass)
    {
        string text = ConfigurationLoader.ReadText(path, allowLatin1: true);
        if (text.StartsWith(PublishedHeader, StringComparison.Ordinal))
        {
            return new ExperimentTrace(text, TraceFile.Parse(text, path, secondsPerIteration), [publishedClass], []);
        }
        ImportedTrace imported = LogImport.Read(text, path, options);
        return new ExperimentTrace(
            imported.ToCsv(), imported.Rows, imported.Classes, [$"{path}: {imported.Describe()}", .. imported.Notes]);
    }
}

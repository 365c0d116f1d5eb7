using System.CommandLine;
using System.Globalization;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Journals;
using CsvHelper;

namespace AkkaLb.Cli.Commands.Journal;

/// <summary><c>akkalb journal export</c>: JSON lines or CSV.</summary>
internal static class JournalExportCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "export",
            "Write events to a file: JSON lines, or CSV with a row for each event",
            "CSV has the columns ordering, agent, sequenceNumber (of the row), number (of the event), stored, manifest, tag and event, the "
                + "last one as JSON.",
            "akkalb journal export runs/quickstart-samaroh-seed1 --out events.jsonl",
            "akkalb journal export runs/quickstart-samaroh-seed1 --agent link-3 --format csv --out link-3.csv");
        Argument<string> source = JournalCommand.Source();
        EventOptions filter = new();
        Option<string> output = new("--out") { Description = "The file", HelpName = "FILE", Required = true };
        Option<string> format = Options.Word("--format", "jsonl: a line of JSON for each event", "jsonl", "csv");
        Option<bool> force = Options.Force();
        command.Add(source);
        filter.AddTo(command);
        foreach (Option option in new Option[] { output, format, force })
        {
            command.Add(option);
        }
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(output);
            Input.OutputFile file = Input.OutputFile.Of(path, "--out", parsed);
            using JournalReader reader = JournalCommand.Open(parsed.GetRequiredValue(source));
            IEnumerable<StoredEvent> events = reader.Events(filter.Read(parsed));
            long count = 0;
            file.Write(writer => count = parsed.GetValue(format) == "csv" ? Csv(writer, events) : Lines(writer, events));
            host.Error.WriteLine($"{path}: {Terminal.Count(count, "event")}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static long Lines(TextWriter writer, IEnumerable<StoredEvent> events)
    {
        long count = 0;
        foreach (StoredEvent stored in events)
        {
            writer.Write(EventText.Json(stored) + "\n");
            count++;
        }
        return count;
    }

    private static long Csv(TextWriter writer, IEnumerable<StoredEvent> events)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord("ordering", "agent", "sequenceNumber", "number", "stored", "manifest", "tag", "event");
        long count = 0;
        foreach (StoredEvent stored in events)
        {
            csv.WriteField(stored.Row.Ordering);
            csv.WriteField(stored.Agent);
            csv.WriteField(stored.Row.SequenceNumber);
            csv.WriteField(stored.Number);
            csv.WriteField(stored.Stored.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            csv.WriteField(stored.Manifest);
            csv.WriteField(stored.Row.Tag);
            csv.WriteField(EventText.EventJson(stored));
            csv.EndRecord();
            count++;
        }
        return count;
    }
}

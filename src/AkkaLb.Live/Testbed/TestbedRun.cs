using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Live.Load;
using AkkaLb.Live.Timing;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>How far a comparison is.</summary>
/// <param name="Done">Of <paramref name="Total"/> runs.</param>
/// <param name="Last">The run that has just ended; null at the start.</param>
public sealed record TestbedProgress(int Done, int Total, string Folder, CellResult? Last);

/// <summary>A comparison from its file to its run folder; what was made before is not made again.</summary>
public static class TestbedRun
{
    private const string TraceKey = "akkalb.load.trace.file";

    /// <param name="source">The file, or the folder of a comparison that was stopped.</param>
    /// <param name="output">Folder, new or empty, or of the same comparison; null: a fresh one.</param>
    /// <returns>The summary, which says whether it was stopped, and the folder.</returns>
    /// <exception cref="InvalidInputException">The file or the folder is not valid.</exception>
    /// <exception cref="RunFailedException">A balancer does not start.</exception>
    public static async Task<(TestbedSummary Summary, string Folder)> RunAsync(
        string source, IReadOnlyList<string> overrides, string? output, Action<TestbedProgress> progress, CancellationToken cancellation)
    {
        (TestbedOptions options, RunFolder folder) = Open(source, overrides, output);
        using IDisposable guard = folder.Lock();
        using PreciseTimeProvider time = new();
        IReadOnlyList<TestbedCell> cells = [.. options.Cells()];
        Dictionary<TestbedCell, CellResult> done = cells.Select(c => CellResult.Read(folder, c)).OfType<CellResult>()
            .Where(r => r.IsValid).ToDictionary(r => r.Cell);
        progress(new TestbedProgress(done.Count, cells.Count, folder.FullPath, null));
        try
        {
            await MakeAsync(options, folder, [.. cells.Where(c => !done.ContainsKey(c))], time, result =>
            {
                done[result.Cell] = result;
                progress(new TestbedProgress(done.Count, cells.Count, folder.FullPath, result));
            }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What was made is kept and shown.
        }
        TestbedSummary summary = Summarise(options, folder, [.. done.Values], done.Count == cells.Count);
        return (summary, folder.FullPath);
    }

    private static (TestbedOptions, RunFolder) Open(string source, IReadOnlyList<string> overrides, string? output)
    {
        if (Directory.Exists(source))
        {
            RunFolder existing = RunFolder.Open(source);
            if (output is not null || overrides.Count > 0)
            {
                throw new InvalidInputException($"{source}: expected neither --out nor --set, which belong to a new comparison");
            }
            return (TestbedReader.Load(existing[RunFolder.ConfigurationFile], []), existing);
        }
        TestbedOptions options = TestbedReader.Load(source, overrides);
        string? trace = options.Load.Traffic.Trace is null ? null : ConfigurationLoader.ReadText(
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(source))!, options.Resolved.GetString(TraceKey, "")));
        string inFolder = $"akkalb.name = {JsonSerializer.Serialize(options.Name)}\n"
            + (trace is null ? "" : $"{TraceKey} = \"{RunFolder.TraceFile}\"");
        string configuration = Hocon.Config.Parse(inFolder).WithFallback(options.Resolved).ToString();
        if (output is not null && File.Exists(Path.Combine(output, RunFolder.ConfigurationFile)))
        {
            RunFolder existing = RunFolder.Open(output);
            return File.ReadAllText(existing[RunFolder.ConfigurationFile]) == configuration
                ? (options, existing)
                : throw new InvalidInputException(
                    $"{output}: expected a new or empty folder, or that of the same comparison, found one of another");
        }
        RunFolder folder = RunFolder.Create(output, options.Resolved.GetString("akkalb.runs", "runs"), options.Name);
        if (trace is not null)
        {
            folder.Write(RunFolder.TraceFile, trace);
        }
        folder.Write(RunFolder.ConfigurationFile, configuration);
        return (options, folder);
    }

    private static async Task MakeAsync(
        TestbedOptions options, RunFolder folder, IReadOnlyList<TestbedCell> cells, TimeProvider time, Action<CellResult> made,
        CancellationToken cancellation)
    {
        if (cells.Count == 0)
        {
            return;
        }
        string processes = folder["processes"];
        Leftovers.End(processes);
        await using ServersProcess servers = await ServersProcess.StartAsync(options, processes, time, cancellation);
        CellRunner runner = new(options, servers, processes, time);
        foreach (TestbedCell cell in cells)
        {
            for (int attempt = 1; ; attempt++)
            {
                LoadRun run = await runner.RunAsync(cell, cancellation);
                cancellation.ThrowIfCancellationRequested();
                if (run.Report.Void is null || attempt > options.Retries)
                {
                    made(CellResult.Write(folder, cell, run, attempt));
                    break;
                }
            }
        }
    }

    private static TestbedSummary Summarise(TestbedOptions options, RunFolder folder, IReadOnlyList<CellResult> results, bool isFinished)
    {
        IReadOnlyList<TestbedRow> rows = new TestbedRows(options, folder, results).Make(CancellationToken.None);
        IEnumerable<TestbedRow> shown = rows.Where(r => r.Load == options.Loads.Max() && r.Proxies == options.Proxies[0]);
        ILookup<bool, TestbedRow> byKind = shown.ToLookup(r => options.Contenders.Single(c => c.Name == r.Contender).IsPeer);
        TestbedSummary summary = new(
            "testbed", options.Name, isFinished ? RunSummary.Finished : RunSummary.Stopped, options.Baseline.Name, options.Seeds.Count,
            results.Count(r => r.IsValid), results.Count(r => !r.IsValid),
            byKind[false].ToDictionary(r => r.Contender, r => r.Figures),
            byKind[true].ToDictionary(r => r.Contender, r => r.Figures),
            rows);
        folder.Write("table.md", TestbedTable.ToMarkdown(summary));
        folder.Write("table.csv", TestbedTable.ToCsv(summary));
        new TestbedCharts(options, folder, results).Write(CancellationToken.None);
        folder.Write(RunFolder.SummaryFile, summary.ToJson() + "\n");
        return summary;
    }
}

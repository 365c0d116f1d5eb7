using System.Text.Json;
using AkkaLb.Live.Load;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Live.Testbed;

/// <summary>One finished run, as its folder holds it.</summary>
/// <param name="Attempts">Runs that it took; those before were void.</param>
public sealed record CellResult(TestbedCell Cell, LoadReport Report, int Attempts)
{
    private const string ReportFile = "report.json", RequestsName = "requests.csv";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    };

    public bool IsValid => Report.Void is null;

    /// <summary>Writes a run; the report, which makes it a finished one, last.</summary>
    internal static CellResult Write(RunFolder folder, TestbedCell cell, LoadRun run, int attempts)
    {
        folder.Write(PathOf(cell, RequestsName), RequestsFile.Write(run));
        folder.Write(PathOf(cell, ReportFile), JsonSerializer.Serialize(new Stored(run.Report, attempts), Json) + "\n");
        return new CellResult(cell, run.Report, attempts);
    }

    /// <summary>A run that was made before; null when there is none that can be read.</summary>
    internal static CellResult? Read(RunFolder folder, TestbedCell cell)
    {
        try
        {
            Stored? stored = JsonSerializer.Deserialize<Stored>(File.ReadAllText(folder[PathOf(cell, ReportFile)]), Json);
            return stored is null || !File.Exists(folder[PathOf(cell, RequestsName)])
                ? null
                : new CellResult(cell, stored.Report, stored.Attempts);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Every request of the run.</summary>
    internal IReadOnlyList<(PlannedRequest Planned, RequestOutcome Outcome)> ReadRequests(RunFolder folder) =>
        RequestsFile.Read(File.ReadLines(folder[PathOf(Cell, RequestsName)]));

    private static string PathOf(TestbedCell cell, string file) => $"cells/{cell.Name}/{file}";

    private sealed record Stored(LoadReport Report, int Attempts);
}

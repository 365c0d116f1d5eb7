using AkkaLb.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaLb.Dashboard.Runs;

/// <summary>The tables, plots and summary of a run, as they lie in its folder.</summary>
internal static class RunDownloads
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".csv"] = "text/csv", [".json"] = "application/json", [".svg"] = "image/svg+xml",
    };

    public static string Address(string run, string file) => $"/files/{Uri.EscapeDataString(run)}/{file}";

    /// <summary>Names of what there is.</summary>
    public static IReadOnlyList<string> Of(RunFiles run) =>
    [
        .. Directory.EnumerateFiles(run.Folder.FullPath).Where(file => Types.ContainsKey(Path.GetExtension(file)))
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/files/{run}/{file}", (string run, string file, RunCatalog runs) =>
        {
            try
            {
                return runs.Find(run) is { } found && Of(found).Contains(file)
                    ? Results.Stream(
                        new FileStream(found.Folder[file], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
                        Types[Path.GetExtension(file)])
                    : Results.Text($"{run}/{file}: there is no such file\n", statusCode: StatusCodes.Status404NotFound);
            }
            catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
            {
                return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status500InternalServerError);
            }
        });
}

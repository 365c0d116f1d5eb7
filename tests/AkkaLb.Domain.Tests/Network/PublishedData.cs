using System.Runtime.CompilerServices;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>
/// The published flow sets, which are not part of the repository: <c>shared/data/maroh</c> beside it, or below the directory
/// that the environment variable AKKALB_SHARED names. Tests that need them skip when they are absent.
/// </summary>
internal static class PublishedData
{
    private static readonly string Root = Path.Combine(
        Environment.GetEnvironmentVariable("AKKALB_SHARED") ?? Path.Combine(RepositoryRoot(), "..", "shared"), "data", "maroh");

    /// <summary>Loads for example ("rhombus", 40): topology.gml and the flows active at t = 0.</summary>
    public static (Topology Topology, IReadOnlyList<ActiveFlow> Flows) Load(string set, int percent)
    {
        string folder = Path.Combine(Root, set), flows = Path.Combine(folder, $"flows{percent}.json");
        Skip.IfNot(File.Exists(flows), $"the published flow set {flows} is not there");
        Topology topology = GmlTopology.Read(File.ReadAllText(Path.Combine(folder, "topology.gml")), "topology.gml");
        return (topology, FlowJson.Read(File.ReadAllText(flows), "flows.json", topology).ActiveAt(0));
    }

    public static string Text(string set, string file)
    {
        string path = Path.Combine(Root, set, file);
        Skip.IfNot(File.Exists(path), $"the published file {path} is not there");
        return File.ReadAllText(path);
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

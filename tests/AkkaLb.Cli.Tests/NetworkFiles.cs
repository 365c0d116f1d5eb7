namespace AkkaLb.Cli.Tests;

/// <summary>A network made for these tests: a square a–b–d–c–a of 10 Mbit/s links; two flows go from a to d, one from b to a.</summary>
internal sealed class NetworkFiles : IDisposable
{
    private static readonly string[] Labels = ["a", "b", "c", "d"];
    private static readonly (int From, int To)[] Pairs = [(0, 1), (0, 2), (1, 3), (2, 3)];

    private readonly TemporaryFolder _folder = new();

    public NetworkFiles()
    {
        Topology = Write("square.gml", Gml());
        Flows = Write(
            "flows.json",
            $"[{Flow("a", "d", 1_000_000, "first")}, {Flow("a", "d", 2_000_000, "second")}, {Flow("b", "a", 500_000, "third")}]");
    }

    public string this[string name] => _folder[name];

    public string Topology { get; }

    public string Flows { get; }

    /// <summary>Options that name both files.</summary>
    public string[] Options => ["--topology", Topology, "--flows", Flows];

    public static string Gml(double capacity = 10e6) =>
        "graph [ directed 1 multigraph 1\n" +
        string.Concat(Labels.Select((label, id) => $"node [ id {id} label \"{label}\" ]\n")) +
        string.Concat(Pairs.Concat(Pairs.Select(p => (From: p.To, To: p.From))).Select((p, i) =>
            $"edge [ source {p.From} target {p.To} bandwidth {(i == 0 ? capacity : 10e6)} id {i} ]\n")) + "]\n";

    public static string Flow(string start, string end, double rate, string id, long from = 0, long to = 60_000) =>
        $$"""
        {
          "start": "{{start}}", "end": "{{end}}", "all_bandwidth": {"{{from}}": {{rate}}}, "start_time": {{from}}, "end_time": {{to}},
          "bandwidth": null, "flow_id": "{{id}}"
        }
        """;

    public string Write(string name, string content) => _folder.Write(name, content);

    public string MakeFolder(string name) => _folder.MakeFolder(name);

    public void Dispose() => _folder.Dispose();
}

using System.Text.Json;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Tests.Commands.Journal;

/// <summary>
/// Journals that AkkaLb wrote before it stood on Akka.NET: the same tables, a row for each event, tags for some. They are read as today's.
/// </summary>
public sealed class EmbeddedJournalTests : IDisposable
{
    // What wrote them.
    private const string Configuration = """
        akkalb {
          name = small, seed = 5
          network { topology = 4-node, agents.message-iterations = 1, training { horizons = 4, threads = 1 } }
          baselines.genetic.enabled = off
          checkpoint.interval = 0s
          journal.snapshot-every = 10
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string[]> Written => new()
    {
        { "samaroh", ["network.training.episodes=24", "network.training.update-every=8"] },
        {
            "samaroh-2l",
            [
                "network.training.episodes=8", "network.training.update-every=4", "method=samaroh-2l", "network.memory.size=6",
                "network.memory.delta=0.001",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task Journal_OfARun_IsThatOfTheSameRunToday(string name, string[] overrides)
    {
        string file = Path.Combine(_folder, "small.conf"), run = Path.Combine(_folder, "run"), earlier = Earlier(name);
        File.WriteAllText(file, Configuration);
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(file) { OutputFolder = run, Overrides = overrides }, new SilentObserver(), default);
        result.Summary.Status.ShouldBe(RunSummary.Finished);
        using JournalReader expected = JournalReader.Open(JournalLocation.Of(earlier)), today = JournalReader.Open(JournalLocation.Of(run));
        // What agents remembered is part of what they decided now, and more of it.
        Decided(expected).ShouldBe(Decided(today));
        JournalComparison.Compare(expected, today, new EventFilter(RunEvents.Agent)).ShouldAllBe(d => d.IsNone && d.Equal > 0);
        expected.Agents().ShouldAllBe(agent => agent.Events == agent.Rows);
        today.Agents().ShouldAllBe(agent => agent.Events > agent.Rows);
        bool hasMemory = name == "samaroh-2l";
        (await Output(hasMemory ? 1 : 0, "diff", earlier, run)).ShouldStartWith(hasMemory ? "link-0" : "equal: 9 agents, ");

        static IEnumerable<(string Agent, long Episode, long Policy, double Weight)> Decided(JournalReader reader) =>
            reader.Events(new EventFilter(Type: "weights-decided"))
                .SelectMany(e => e.Read() is LinkAgentJournal.WeightsDecided decided
                    ? decided.Weights.Select(weight => (e.Agent, decided.Step, decided.PolicyVersion, weight))
                    : [])
                .Order();
    }

    [Theory]
    [InlineData("samaroh", "sound: 245 events of 9 agents, 9 snapshots compared")]
    [InlineData("samaroh-2l", null)]
    public async Task Verify_FindsItSound(string name, string? line)
    {
        string output = await Output(0, "verify", Earlier(name));
        output.ShouldStartWith("sound: ");
        output.TrimEnd().ShouldBe(line ?? output.TrimEnd());
    }

    [Fact]
    public async Task EveryCommand_ReadsIt()
    {
        string earlier = Earlier("samaroh-2l");
        (await Output(0, "list", earlier)).ShouldContain("9 agents, ");
        Lines(await Output(0, "show", earlier, "--tag", "run"))[1].ShouldContain("name \"small\", method \"samaroh-2l\", seed 5");
        Lines(await Output(0, "show", earlier, "--tag", "checkpoint", "--json")).Length.ShouldBe(2);
        JsonElement memory = JsonDocument.Parse(await Output(0, "replay", earlier, "--agent", "link-3", "--json")).RootElement;
        memory.GetProperty("memory").GetProperty("episodes").GetInt32().ShouldBe(8);
        memory.GetProperty("entries").GetArrayLength().ShouldBeGreaterThan(0);
        (await Output(0, "diff", earlier, "--agent", "run", "--from", "3", "--to", "9")).ShouldContain("* episodes ");
        string exported = Path.Combine(_folder, "events.jsonl");
        await Output(0, "export", earlier, "--out", exported);
        File.ReadLines(exported).Count().ShouldBeGreaterThan(100);
    }

    private static string Earlier(string name) => Path.Combine(
        AppContext.BaseDirectory, "Commands", "Journal", "Embedded", name, "events.db");

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> Output(int exitCode, params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["journal", .. arguments])).ShouldBe(exitCode, cli.Error + cli.Output);
        return cli.Output;
    }
}

using System.Text.Json;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Tests.Commands.Journal;

public sealed class JournalCommandTests(JournalCommandTests.Runs runs) : IClassFixture<JournalCommandTests.Runs>
{
    private static async Task<string> Run(int exitCode, params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["journal", .. arguments])).ShouldBe(exitCode, cli.Error);
        return cli.Output;
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task List_ShowsAgentsInNaturalOrder()
    {
        string output = await Run(0, "list", runs.First);
        output.ShouldContain("20 agents, ");
        output.IndexOf("player-2 ", StringComparison.Ordinal).ShouldBeLessThan(output.IndexOf("player-10 ", StringComparison.Ordinal));
        JsonDocument.Parse(await Run(0, "list", runs.First, "--json")).RootElement[16].GetProperty("agent").GetString().ShouldBe("run");
    }

    [Fact]
    public async Task Show_FiltersByAgentTypeTagTimeAndNumber()
    {
        string[] lines = Lines(await Run(0, "show", runs.First, "--agent", "player-2", "--from", "2", "--to", "3", "--json"));
        lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("number").GetInt32()).ShouldBe([2, 3]);
        Lines(await Run(0, "show", runs.First, "--tag", "run")).Length.ShouldBe(1);
        Lines(await Run(0, "show", runs.First, "--type", "run-started"))[1].ShouldContain("name \"run\", method \"static\", seed 1");
        Lines(await Run(0, "show", runs.First, "--until", "2001-01-01")).Length.ShouldBe(1);
        Lines(await Run(0, "show", runs.First, "--since", "2001-01-01T00:00:00Z")).Length.ShouldBeGreaterThan(16);
    }

    [Fact]
    public async Task Show_NoJournal_IsOneLineAndNoHeader()
    {
        string file = Path.Combine(runs.Folder, "empty.db");
        await File.WriteAllTextAsync(file, "");
        await new Cli().ShouldRefuseAsync(["journal", "show", file], "empty.db: cannot be read as a journal");
    }

    [Fact]
    public async Task Replay_OfAnAgent_GivesItsMemoryAtAnyEvent()
    {
        JsonElement memory = JsonDocument.Parse(await Run(0, "replay", runs.First, "--agent", "player-1", "--to", "1",
            "--json")).RootElement.GetProperty("memory");
        memory.GetProperty("moves").GetInt32().ShouldBe(1);
        memory.GetProperty("placement").GetArrayLength().ShouldBe(3);
        (await Run(0, "diff", runs.First, "--agent", "player-1", "--from", "1", "--to", "2"))
            .ShouldContain("player-1 after 1 and after 2 events");
    }

    [Fact]
    public async Task Replay_OfARun_ComparesItsDecisions() =>
        (await Run(0, "replay", runs.First)).ShouldContain("decisions are those of the journal");

    [Fact]
    public async Task Verify_SoundJournal_SaysSo() => (await Run(0, "verify", runs.First)).ShouldStartWith("sound: ");

    [Fact]
    public async Task Diff_EqualAndOtherRuns_ExitCodes0And1()
    {
        (await Run(0, "diff", runs.First, runs.First)).ShouldStartWith("equal: 20 agents, ");
        string output = await Run(1, "diff", runs.First, runs.Other);
        output.ShouldContain("player-0: equal for ");
        output.ShouldContain("different: ");
    }

    [Fact]
    public async Task Export_WritesLinesAndTables()
    {
        string file = Path.Combine(runs.Folder, "player-3.csv");
        await Run(0, "export", runs.First, "--agent", "player-3", "--format", "csv", "--out", file);
        File.ReadLines(file).First().ShouldBe("ordering,agent,sequenceNumber,number,stored,manifest,tag,event");
        await Run(0, "export", runs.First, "--agent", "player-3", "--out", file, "--force");
        JsonDocument.Parse(File.ReadLines(file).First()).RootElement.GetProperty("event").GetProperty("step").GetInt32().ShouldBe(0);
    }

    /// <summary>Neither the journal that is read nor any other.</summary>
    [Fact]
    public async Task Export_OverAJournal_IsRefusedAlsoByForce()
    {
        string journal = Path.Combine(runs.Other, "journal", "events.db");
        byte[] before = File.ReadAllBytes(journal);
        await new Cli().ShouldRefuseAsync(
            ["journal", "export", runs.First, "--out", journal, "--force"], "--out: expected another file, this one is a database");
        File.ReadAllBytes(journal).ShouldBe(before);
    }

    [Theory]
    [InlineData("expected a run folder, a journal file (events.db), or a connection string", "list", "/no/such")]
    [InlineData("expected a journal that can be opened: it has 'foo', expected Host, Port, Database, Username", "list", "Host=x;Foo=1")]
    [InlineData("expected a journal that can be opened: its 'port' cannot be read: The input string 'x' was", "list", "Host=x;Port=x")]
    [InlineData("expected a sequence number from 1, found '0'", "show", "x", "--from", "0")]
    [InlineData("expected a time such as", "show", "x", "--since", "noon")]
    [InlineData("expected a second run, or --agent, --from and --to", "diff", "RUN")]
    [InlineData("expected events of 'link-9', found none", "replay", "RUN", "--agent", "link-9")]
    [InlineData("--agent lnk-0: expected an agent of one of the runs", "diff", "RUN", "RUN", "--agent", "lnk-0")]
    [InlineData("--from 5: expected at most --to, 3", "diff", "RUN", "RUN", "--from", "5", "--to", "3")]
    [InlineData("expected with --agent", "replay", "RUN", "--to", "3")]
    public Task BadInput_IsOneLine(string message, params string[] arguments) =>
        new Cli().ShouldRefuseAsync(["journal", .. arguments.Select(a => a == "RUN" ? runs.First : a)], message);

    [Fact]
    public async Task Testbed_HasNoJournal()
    {
        string folder = Directory.CreateDirectory(Path.Combine(runs.Folder, "testbed")).FullName;
        File.WriteAllText(Path.Combine(folder, "experiment.conf"), "akkalb.testbed.contenders = [sed]\n");
        foreach (string command in (string[])["list", "show", "verify"])
        {
            await new Cli().ShouldRefuseAsync(
                ["journal", command, folder], $"{folder}: expected a run with a journal: this is a testbed, and a testbed has none");
        }
    }

    /// <summary>Two runs of a game with 16 players.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("akkalb-test-").FullName;

        public string First => Path.Combine(Folder, "first");

        public string Other => Path.Combine(Folder, "other");

        public async Task InitializeAsync()
        {
            string file = Path.Combine(Folder, "run.conf");
            File.WriteAllText(file, "akkalb { family = game, method = static, game { generate { players = 16, servers = 3 }, static { "
                + "start = empty, schedule = simultaneous, share = 0.5, max-rounds = 3 } } }");
            foreach ((string output, string seed) in new[] { (First, "1"), (Other, "2") })
            {
                ExperimentRequest request = new(file) { OutputFolder = output, Overrides = [$"game.generate.seed={seed}"] };
                (await ExperimentRunner.RunAsync(request, new SilentObserver(), default)).Summary.Status.ShouldBe(RunSummary.Finished);
            }
        }

        public Task DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}

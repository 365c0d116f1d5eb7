using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program, killed while its agents act without a global step.</summary>
public sealed class AsynchronousKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("samaroh", 60)]
    [InlineData("samaroh-2l", 20)]
    public async Task Killed_AndResumed_EndsWithTheTimelineAndTheJournalOfARunThatWasNot(string method, int seconds)
    {
        string file = Path.Combine(_folder, "run.conf"), straight = Path.Combine(_folder, "straight");
        string killed = Path.Combine(_folder, "killed");
        File.WriteAllText(Path.Combine(_folder, "failures.json"), Failures(seconds));
        File.WriteAllText(file, $$"""
            akkalb {
              method = {{method}}
              network {
                topology = 4-node, topology-changes = failures.json, agents.message-iterations = 2
                training { episodes = 16, horizons = 5, update-every = 8, threads = 1 }
                mode = asynchronous
                asynchronous { until = {{seconds}}s, threshold = 0, budget = 400, cooldown = 1ms, sample-probability = 0.9 }
              }
              baselines.genetic.enabled = off
              journal.snapshot-every = 3
            }
            """);
        (await BuiltProgram.Command("train", file, "--out", straight).ExecuteAsync()).ExitCode.ShouldBe(0);
        string[] command = ["train", file, "--out", killed];
        long slices = Slices(straight);
        slices.ShouldBeGreaterThan(5);
        int kills = 0;
        foreach (long share in new long[] { 1, 3, 5 })
        {
            kills += await BuiltProgram.KillAsync(() => Slices(killed) >= slices * share / 6, command) ? 1 : 0;
            command = ["resume", killed];
        }
        kills.ShouldBeGreaterThan(0, "every time it had ended before");
        (await BuiltProgram.Command(command).ExecuteAsync()).ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Combine(killed, "timeline.csv")).ShouldBe(File.ReadAllText(Path.Combine(straight, "timeline.csv")));
        using JournalReader expected = JournalReader.Open(JournalLocation.Of(straight));
        using JournalReader found = JournalReader.Open(JournalLocation.Of(killed));
        JournalComparison.Compare(expected, found, new EventFilter()).ShouldAllBe(d => d.IsNone && d.Equal > 0);
        JournalVerifier.Verify(found).Problems.ShouldBeEmpty();
    }

    /// <summary>Every half second links fail or return.</summary>
    private static string Failures(int seconds) => $"{{{string.Join(", ", Enumerable.Range(1, 2 * seconds - 1).Select(half =>
        $"\"{500 * half}\": {(half % 2 == 0 ? "{}" : """{"missing_links": [["1", "2", 0], ["2", "1", 0]]}""")}"))}}}";

    private static long Slices(string run)
    {
        try
        {
            using JournalReader reader = JournalReader.Open(JournalLocation.Of(run));
            return reader.Events(new EventFilter("network.asynchronous")).LongCount();
        }
        catch (Domain.InvalidInputException)
        {
            // There is no journal yet, or its tables are being made.
            return 0;
        }
    }
}

using AkkaLb.Runtime.Journals;

namespace AkkaLb.Cli.Tests;

/// <summary>The built program, killed while it trains; bench/kill-loop does the same a hundred times.</summary>
public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_AndResumed_LosesNothingAndEndsWithTheBytesOfARunThatWasNot()
    {
        string file = Path.Combine(_folder, "run.conf"), straight = Path.Combine(_folder, "straight");
        string killed = Path.Combine(_folder, "killed");
        File.WriteAllText(file, """
            akkalb {
              network {
                topology = 4-node, agents.message-iterations = 1
                training { episodes = 48, horizons = 5, update-every = 8, threads = 1 }
              }
              baselines.genetic.enabled = off
              checkpoint.interval = 0s
              journal.snapshot-every = 20
            }
            """);
        (await BuiltProgram.Command("run", file, "--out", straight).ExecuteAsync()).ExitCode.ShouldBe(0);
        string[] command = ["run", file, "--out", killed];
        int kills = 0;
        foreach (int events in new[] { 20, 100, 250 })
        {
            long seen = 0;
            kills += await BuiltProgram.KillAsync(() => (seen = Events(killed)) >= events, command) ? 1 : 0;
            Events(killed).ShouldBeGreaterThanOrEqualTo(seen);
            command = ["resume", killed];
        }
        kills.ShouldBeGreaterThan(0, "every time it had ended before");
        (await BuiltProgram.Command(command).ExecuteAsync()).ExitCode.ShouldBe(0);
        foreach (string result in (string[])[
            "episodes.csv", "weights.json", "checkpoint/weights.safetensors", "checkpoint/optimiser.safetensors"])
        {
            File.ReadAllBytes(Path.Combine(killed, result)).ShouldBe(File.ReadAllBytes(Path.Combine(straight, result)), result);
        }
        using JournalReader expected = JournalReader.Open(JournalLocation.Of(straight));
        using JournalReader found = JournalReader.Open(JournalLocation.Of(killed));
        JournalComparison.Compare(expected, found, new EventFilter()).ShouldAllBe(d => d.IsNone);
        JournalVerifier.Verify(found).Problems.ShouldBeEmpty();
    }

    private static long Events(string run)
    {
        try
        {
            using JournalReader reader = JournalReader.Open(JournalLocation.Of(run));
            return reader.Agents().Sum(a => a.Events);
        }
        catch (Domain.InvalidInputException)
        {
            // There is no journal yet, or its tables are being made.
            return 0;
        }
    }
}

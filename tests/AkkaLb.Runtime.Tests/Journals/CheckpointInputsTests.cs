using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>A run that was stopped goes on with the experiment that it began with, and with no other.</summary>
public sealed class CheckpointInputsTests : JournalTest
{
    private const string DataCenter = """
        akkalb {
          family = datacenter, method = distr-lb, checkpoint.interval = 0s
          datacenter {
            policies = [sed], repetitions = 1, traffic.trace = trace.csv
            learning { episodes = 3, warm-up = 2, updates = 1, batch = 2, sequence = 4, burn-in = 1, hidden = 4, duration = 5s }
          }
        }
        """;

    [Theory]
    [InlineData("seed = 5", "seed = 6", "'akkalb.seed' is '6', expected '5'")]
    [InlineData("hash = dx", "hash = fluid", "'akkalb.network.routing.hash' is 'fluid', expected 'dx'")]
    [InlineData("horizons = 4", "horizons = 6", "'akkalb.network.training.horizons' is '6', expected '4'")]
    public async Task Resume_AnotherKey_IsRefusedByName(string before, string now, string expected)
    {
        await Stopped(Small);
        Edit(RunFolder.ConfigurationFile, before, now);
        ShouldBeOneLine(await Should.ThrowAsync<InvalidInputException>(() => Resume("run")), RunFolder.ConfigurationFile, expected);
        Edit(RunFolder.ConfigurationFile, now, before);
        await Resume("run");
    }

    [Theory]
    [InlineData("threads = 2", "threads = 1")]
    [InlineData("interval = 0s", "interval = 5s")]
    [InlineData("tensorboard = off", "tensorboard = on")]
    [InlineData("episodes = 24", "episodes = 32")]
    public async Task Resume_AnotherKeyWithoutEffect_GoesOn(string before, string now)
    {
        await Stopped(Small);
        Edit(RunFolder.ConfigurationFile, before, now);
        await Resume("run");
    }

    [Fact]
    public async Task Resume_OtherFlows_IsRefusedByName()
    {
        await Stopped(Small);
        Edit(RunFolder.FlowsFile, "\"start\"", " \"start\"");
        await ShouldBeRefused(RunFolder.FlowsFile);
    }

    [Fact]
    public async Task Resume_AnotherTrace_IsRefusedByName()
    {
        Folder.Write("trace.csv", "seconds,service\n" + string.Concat(Enumerable.Range(0, 80).Select(k => $"{k / 8.0},1\n")));
        await Stopped(DataCenter);
        Edit(RunFolder.TraceFile, "0.125", "0.25");
        await ShouldBeRefused(RunFolder.TraceFile);
    }

    private async Task ShouldBeRefused(string file) => ShouldBeOneLine(
        await Should.ThrowAsync<InvalidInputException>(() => Resume("run")), Path.Combine(Folder["run"], file), "changed");

    private async Task Stopped(string experiment)
    {
        await Run("run", experiment);
        File.Delete(Path.Combine(Folder["run"], RunFolder.SummaryFile));
    }

    private void Edit(string file, string before, string now)
    {
        string path = Path.Combine(Folder["run"], file), text = File.ReadAllText(path);
        text.ShouldContain(before);
        File.WriteAllText(path, text.Replace(before, now, StringComparison.Ordinal));
    }
}

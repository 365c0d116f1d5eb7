using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

/// <summary>A triangle that loses links: the flows that nothing leads on are counted and told of, and some have to be left.</summary>
public sealed class UnroutableFlowsTests : IDisposable
{
    private const string Experiment = """
        akkalb {
          name = part
          network {
            topology = t.csv, routing { paths = igp, hash = fluid }, flows { file = d.csv, unit = M }, topology-changes = changes.json
            training { episodes = 2, horizons = 2, update-every = 2 }
            periods { count = 2, length = 10ms }
          }
          baselines.genetic.enabled = off
        }
        """;

    private const string AtTheStart = "network.periods.count=1";

    private readonly TemporaryFolder _folder = new();

    public UnroutableFlowsTests()
    {
        _folder.Write("t.csv", "from,to,capacity,weight\na,b,10M,1\nb,c,10M,1\na,c,10M,2\n");
        _folder.Write("d.csv", "from,to,rate\na,c,9\nb,c,1\n");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(NetworkSummary Summary, string[] Notices)> Run(string changes, RunPath path, params string[] overrides)
    {
        _folder.Write("changes.json", changes);
        QuietObserver observer = new();
        ExperimentRequest request = new(_folder.Write("part.conf", Experiment))
        {
            OutputFolder = _folder["run"], Path = path, Overrides = overrides,
        };
        NetworkSummary summary = (NetworkSummary)(await ExperimentRunner.RunAsync(request, observer, default)).Summary;
        return (summary, NoPath(observer));
    }

    private static string[] NoPath(QuietObserver observer) =>
        [.. observer.Notices.Where(line => line.Contains("no path", StringComparison.Ordinal))];

    [Theory]
    [InlineData(RunPath.Batched)]
    [InlineData(RunPath.Actors)]
    public async Task Run_AFlowLosesItsLinks_IsCountedAndToldOf(RunPath path)
    {
        (NetworkSummary summary, string[] notices) = await Run("""{"5": {"missing_links": [["a", "b"], ["a", "c"]]}}""", path);

        (summary.Traffic.Flows, summary.Traffic.Unroutable).ShouldBe((2, 1));
        summary.Periods!.Select(period => (period.Start, period.Flows, period.Unroutable)).ShouldBe([(0L, 2, 0), (5, 2, 1)]);
        notices.ShouldBe(
        [
            "part: 1 of 2 flows have no path from 5 ms on (period 2 of 2), as 2 of 6 links are down: they load nothing, so its figures are "
                + "those of the other flows",
        ]);
        File.ReadAllLines(Path.Combine(_folder["run"], RunFolder.LogFile))
            .Single(line => line.Contains(notices[0], StringComparison.Ordinal)).ShouldContain(" WRN ");
        File.ReadAllText(Path.Combine(_folder["run"], RunFolder.SummaryFile)).ShouldContain("\"unroutable\": 1");

        QuietObserver observer = new();
        RunResult evaluated = await PolicyEvaluation.RunAsync(
            new EvaluationRequest(_folder["run"]) { OutputFolder = _folder["evaluated"] }, observer, default);
        NetworkSummary played = evaluated.Summary.ShouldBeOfType<NetworkSummary>();
        (played.Traffic.Unroutable, played.Evaluation!.Episodes.Single().Unroutable).ShouldBe((1, 1));
        NoPath(observer).ShouldBe(notices);
        File.ReadLines(Path.Combine(_folder["evaluated"], "evaluation.csv")).First().ShouldStartWith("episode,flowsSeed,flows,unroutable,");
    }

    [Fact]
    public async Task Run_NoFlowLosesItsPath_SaysNothing()
    {
        (NetworkSummary summary, string[] notices) = await Run("""{"5": {"missing_links": [["a", "b"]]}}""", RunPath.Batched);
        (summary.Traffic.Unroutable, summary.Periods!.Sum(period => period.Unroutable), notices.Length).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Run_AsynchronousAndAFlowLosesItsLinksForAWhile_IsCountedAndToldOf()
    {
        (NetworkSummary summary, string[] notices) = await Run(
            """{"50": {"missing_links": [["a", "b"], ["a", "c"]]}, "60": {}}""", RunPath.Actors,
            AtTheStart, "network.mode=asynchronous", "network.asynchronous.until=100ms");

        (summary.Traffic.Unroutable, summary.Asynchronous!.Waiting).ShouldBe((0, 1));
        notices.ShouldBe(
            ["part: flows had no path in virtual time and loaded nothing, up to 1 at a time; timeline.csv says when, as 'waiting'"]);
    }

    [Theory]
    [InlineData("""{"5": {"missing_links": [["a", "b"], ["a", "c"], ["b", "c"], ["b", "a"], ["c", "a"], ["c", "b"]]}}""",
        "expected links that are up at 5 ms ('akkalb.network.topology-changes' of ", "found none")]
    [InlineData("""{"5": {"missing_links": [["a", "c"], ["b", "c"]]}}""",
        "expected flows that have a path at 5 ms ('akkalb.network.topology-changes' of ", "part.conf), found none of 2")]
    [InlineData("""{"0": {"missing_nodes": ["c"]}}""", "expected flows that have a path at 0 ms ", "found none of 2", AtTheStart)]
    [InlineData("""{"0": {"missing_nodes": ["c"]}}""", "expected flows that have a path at 0 ms ", "found none of 2", AtTheStart,
        "network.mode=asynchronous")]
    public async Task Run_NothingIsLeftOfAPeriod_IsRefused(string changes, string problem, string found, params string[] overrides)
    {
        string message = (await Should.ThrowAsync<InvalidInputException>(() => Run(changes, RunPath.Batched, overrides))).Message;
        message.ShouldStartWith(_folder["changes.json"]);
        message.ShouldContain(problem);
        message.ShouldEndWith(found);
        message.ShouldNotContain("\n");
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }
}

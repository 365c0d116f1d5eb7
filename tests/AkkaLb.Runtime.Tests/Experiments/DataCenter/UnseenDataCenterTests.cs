using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public sealed class UnseenDataCenterTests : IDisposable
{
    private const string Training = """
        akkalb {
          family = datacenter, method = distr-lb, journal.enabled = off, seed = 3
          datacenter {
            policies = [sed], repetitions = 1, servers.workers = [1, 2, 4], traffic.duration = 10s
            learning {
              net = per-server, variation.enabled = on, standardise = running, episodes = 6, warm-up = 2, updates = 2, duration = 10s
              replay = 300, hidden = 8, batch = 3, sequence = 5, slowdowns = 0.5
            }
          }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StoppedAndResumed_EndsWithTheSameBits()
    {
        await RunAsync("straight", "datacenter.learning.anneal-to=1");
        await RunAsync("half", "datacenter.learning.anneal-to=1", "datacenter.learning.episodes=3");
        // As a run of six episodes that was killed after the third.
        string configuration = Path.Combine(_folder["half"], RunFolder.ConfigurationFile);
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("episodes = 3", "episodes = 6", StringComparison.Ordinal));
        File.Delete(Path.Combine(_folder["half"], RunFolder.SummaryFile));
        await ExperimentRunner.ResumeAsync(_folder["half"], new QuietObserver(), default);
        foreach (string file in new[] { "episodes.csv", "policies.csv", "checkpoint/weights.safetensors", "checkpoint/replay.bin" })
        {
            File.ReadAllBytes(Path.Combine(_folder["half"], file)).ShouldBe(File.ReadAllBytes(Path.Combine(_folder["straight"], file)));
        }
    }

    [Fact]
    public async Task Evaluate_OtherNumbersOfServersAndLoadBalancers_PlaysThem()
    {
        await RunAsync("a");
        DataCenterSummary summary = (DataCenterSummary)(await PolicyEvaluation.RunAsync(
            new EvaluationRequest(_folder["a"])
            {
                Overrides = ["datacenter.servers.workers=[1, 2, 3, 4, 5, 6, 7, 8]", "datacenter.load-balancers=9"],
            },
            new QuietObserver(), default)).Summary;
        (summary.Metrics.Servers, summary.Metrics.LoadBalancers).ShouldBe((8, 9));
        summary.Policies["distr-lb"].MeanTct.ShouldBeInRange(0.5, 5);
        // What it cost to learn is not that of other load balancers.
        summary.Training.ShouldBe(RunSummary.Read<DataCenterSummary>(RunFolder.Open(_folder["a"]))!.Training);
    }

    /// <summary>What is refused for its size is the largest that is drawn.</summary>
    [Theory]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 8, 0.5, 1)]
    [InlineData(4, 4, 0, 0.3)]
    public void Most_IsAtLeastWhatIsDrawn(int workersMin, int workersMax, double processorMin, double processorMax)
    {
        DataCenterVariation variation = new((3, 3), (workersMin, workersMax), (1, 2), (0.5, 1), (processorMin, processorMax));
        DataCenterModel model = new()
        {
            Servers = [new ServerOptions(1)], Weights = [1], LoadBalancers = 1,
            Traffic = new TrafficOptions
            {
                Classes = [new("job", 1, 1, new ServiceTime(ServiceLaw.Exponential, 1), default)], Rate = 1, Duration = Ticks.PerSecond,
            },
        };
        RandomStream random = new(1, "variation");
        double most = variation.Most(model.Traffic).Rate;
        double[] drawn = [.. Enumerable.Range(0, 2000).Select(_ => variation.Draw(model, random).Traffic.Rate)];
        drawn.Max().ShouldBeInRange(0.6 * most, most);
    }

    [Theory]
    [InlineData("datacenter.learning.net=both", "'akkalb.datacenter.learning.net' is 'both', expected joint, per-server")]
    [InlineData("datacenter.learning.net=joint", "expected per-server, as variation is on")]
    [InlineData("datacenter.learning.capacity-share=2", "'akkalb.datacenter.learning.capacity-share' is '2', expected a number")]
    [InlineData("method=qmix-lb", "expected joint; per-server needs method distr-lb")]
    [InlineData("datacenter.learning.standardise=time-index", "expected running or none, as net is per-server")]
    [InlineData("datacenter.learning.reference=on", "expected off, as net is per-server")]
    [InlineData("datacenter.actors=on", "'akkalb.datacenter.actors' is 'on', expected off, as datacenter.learning.net is per-server")]
    [InlineData("datacenter.traffic.mix=wiki", "variation.enabled' is 'on', expected off, or traffic.mix = single")]
    [InlineData("datacenter.learning.variation.servers.min=1", "'akkalb.datacenter.learning.variation.servers.min' is '1'")]
    [InlineData("datacenter.learning.variation.load.min=2", "variation.load.min' is '2', expected at most load.max")]
    [InlineData("datacenter.learning.variation.processor.max=1.5", "variation.processor.max' is '1.5'")]
    [InlineData("datacenter.learning.variation.workers.max=0", "variation.workers.max' is '0'")]
    public async Task Read_BadValue_IsNamed(string set, string message)
    {
        string found = (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("x", set))).Message;
        found.ShouldContain(message);
        found.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Open_ForLiveTraffic_IsRefused()
    {
        await RunAsync("a");
        Should.Throw<InvalidInputException>(() => TrainedBalancer.Open(_folder["a"], 0, learns: false, "", _ => { }))
            .Message.ShouldContain("a run of net per-server, expected joint");
    }

    private async Task RunAsync(string output, params string[] overrides) => await ExperimentRunner.RunAsync(
        new ExperimentRequest(_folder.Write("unseen.conf", Training)) { OutputFolder = _folder[output], Overrides = overrides },
        new QuietObserver(), default);
}

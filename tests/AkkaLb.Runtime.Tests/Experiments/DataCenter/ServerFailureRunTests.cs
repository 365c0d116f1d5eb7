using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public sealed class ServerFailureRunTests : IDisposable
{
    private const string Head = """
        akkalb { family = datacenter, method = compare, name = d, seed = 3, datacenter {
          repetitions = 2, traffic.duration = 20s, policies = [sed, wcmp], changes = ["5s 6 fail", "12s 6 return"]
        } }
        """;

    private static readonly string[] Guarded =
    [
        "datacenter.failures.connect-timeout=500ms", "datacenter.failures.silence-timeout=1s", "datacenter.failures.health.enabled=on",
        "datacenter.failures.health.interval=1s", "datacenter.failures.retries.most=1", "datacenter.failures.ejection.enabled=on",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<DataCenterSummary> RunAsync(string output, params string[] overrides)
    {
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(_folder.Write("d.conf", Head)) { OutputFolder = _folder[output], Overrides = overrides },
            new QuietObserver(), default);
        return result.Summary.ShouldBeOfType<DataCenterSummary>();
    }

    private string[] Lines(string run, string file) => File.ReadAllLines(Path.Combine(_folder[run], file));

    [Fact]
    public async Task Run_Guarded_TellsWhatFailedAndWhoNoticedWhen()
    {
        DataCenterSummary summary = await RunAsync("a", Guarded);
        FailureMetrics failures = summary.Policies["wcmp"].Failures.ShouldNotBeNull();
        failures.TimeOuts.ShouldBeGreaterThan(0);
        failures.Retries.ShouldBe(failures.TimeOuts + failures.Refusals);
        (failures.Lost, failures.Unhealthy).ShouldBe((0, 2));

        string[] policies = Lines("a", RunFolder.PoliciesFile);
        policies[0].ShouldEndWith(",timeOuts,refusals,retries,ejections,unhealthy,panics,moved,lost");
        policies.ShouldAllBe(row => row.Split(',').Length == policies[0].Split(',').Length);
        string[] states = Lines("a", RunFolder.ServerStatesFile);
        states[0].ShouldBe("policy,seconds,loadBalancer,server,state");
        // The checks of load balancer 0 at 5, 6 and 7 s have no answer within 1 s.
        states.ShouldContain("sed,8,0,6,unhealthy");
        states.Count(row => row.EndsWith("6,healthy", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task Run_OfActors_HasTheSameFiles()
    {
        await RunAsync("a", Guarded);
        await RunAsync("b", [.. Guarded, "datacenter.actors=on"]);
        foreach (string file in new[] { RunFolder.PoliciesFile, RunFolder.ServerStatesFile })
        {
            Lines("b", file).ShouldBe(Lines("a", file));
        }
    }

    [Fact]
    public async Task Run_Unguarded_SaysNothingOfIt()
    {
        DataCenterSummary summary = await RunAsync("a");
        summary.Policies.Values.ShouldAllBe(policy => policy.Failures == null);
        File.Exists(Path.Combine(_folder["a"], RunFolder.ServerStatesFile)).ShouldBeFalse();
        Lines("a", RunFolder.PoliciesFile)[0].ShouldNotContain("timeOuts");
    }

    [Theory]
    [InlineData("failures.connect-timeout=1ms", "'akkalb.datacenter.failures.connect-timeout'")]
    [InlineData("failures.health.timeout=3s", "'akkalb.datacenter.failures.health.timeout'")]
    [InlineData("failures.retries.most=11", "'akkalb.datacenter.failures.retries.most'")]
    [InlineData("failures.retries.idempotent=2", "'akkalb.datacenter.failures.retries.idempotent'")]
    [InlineData("failures.ejection.longest=1s", "'akkalb.datacenter.failures.ejection.longest'")]
    [InlineData("failures.ejection.share=0", "'akkalb.datacenter.failures.ejection.share'")]
    [InlineData("failures.sticky-clients=-1", "'akkalb.datacenter.failures.sticky-clients'")]
    [InlineData("failures.sticky-client=5", "akkalb.datacenter.failures.sticky-client")]
    [InlineData("changes=[\"5s 6 repair\"]", "speed FACTOR")]
    public async Task Run_BadOption_IsRefusedByItsName(string option, string named) =>
        (await Should.ThrowAsync<InvalidInputException>(() => RunAsync("a", $"datacenter.{option}"))).Message.ShouldContain(named);
}

using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Domain;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Agents;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Tests.Proxy.Balancing;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>The agent behind the proxy: it learns, is kept, and is not trusted blindly.</summary>
public class LearnedTests
{
    [Fact]
    public async Task Agent_ServersOfDifferentSpeed_WeighsThemAndGoesOnAfterARestart()
    {
        await using Backend fast = await Backend.StartAsync("fast"), slow = await Backend.StartSlowAsync(TimeSpan.FromMilliseconds(5));
        RunningProxy first = await RunningProxy.StartAsync([fast, slow], "learned.period = 100ms");
        await Until.HoldsAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => first.GetAsync()));
            return (await first.StatusAsync("fast")).Weight > 2 * (await first.StatusAsync("slow")).Weight;
        });
        long decisions = (await first.Admin.StatusAsync(default)).Clusters[0].Decision;
        string folder = await first.EndAsync();

        ImmutableArray<ServerKnowledge> kept = Learnt(folder);
        kept.Select(server => server.Name).ShouldBe(["fast", "slow"]);
        kept[0].Weight.ShouldBeGreaterThan(2 * kept[1].Weight);

        await using (RunningProxy second = await RunningProxy.StartAsync([fast, slow], "learned.period = 10s", folder))
        {
            // With the first request, and before it has decided anything.
            await second.GetAsync();
            ClusterStatus cluster = (await second.Admin.StatusAsync(default)).Clusters[0];
            cluster.Decision.ShouldBeGreaterThanOrEqualTo(decisions);
            cluster.Servers[0].Weight.ShouldBe(kept[0].Weight, 0.001);
            cluster.Servers[1].Weight.ShouldBe(kept[1].Weight, 0.001);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Journal_SwitchesByHand_AreInIt()
    {
        await using Backend backend = await Backend.StartAsync("a");
        RunningProxy proxy = await RunningProxy.StartAsync([backend]);
        await proxy.Admin.SwitchAsync("drain", null, "a", default);
        string folder = await proxy.EndAsync();
        using (JournalReader reader = JournalReader.Open(JournalLocation.Of(Path.Combine(folder, "state", "journal", "events.db"))))
        {
            var changed = (LiveBalancerJournal.ServerStateChanged)reader.Events(new EventFilter(Type: "server-state-changed"))
                .Single().Read();
            (changed.Server, changed.From, changed.To, changed.Reason).ShouldBe(("a", "in use", "drained", "by hand"));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Agent_WithoutAJournal_LearnsAllTheSame()
    {
        await using Backend backend = await Backend.StartAsync("a");
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName;
        await using (RunningProxy proxy = await RunningProxy.StartAsync(
            [backend], "learned.period = 100ms", folder, "}\nakkalb.journal.enabled = off\nakkalb.proxy {"))
        {
            await Until.HoldsAsync(async () =>
            {
                await proxy.GetAsync();
                return (await proxy.Admin.StatusAsync(default)).Clusters[0].AgentSilence < 1;
            });
            (await proxy.Admin.StatusAsync(default)).Clusters[0].Weights.ShouldBe("learned");
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Agent_PolicyThatIsNoRun_IsRefused()
    {
        await using Backend backend = await Backend.StartAsync("a");
        InvalidInputException thrown = await Should.ThrowAsync<InvalidInputException>(
            () => RunningProxy.StartAsync([backend], "learned.policy = /nowhere"));
        thrown.Message.ShouldContain("/nowhere: expected a run folder");
    }

    /// <summary>Of the simulator, before two servers; behind the proxy its episodes are as long, in decisions.</summary>
    [Fact]
    public async Task Agent_TrainedPolicy_GoesOnLearningFromTraffic()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName, run = Path.Combine(folder, "run");
        await TrainAsync(folder, run);

        await using Backend first = await Backend.StartAsync("a"), second = await Backend.StartAsync("b");
        string keys = $"learned {{ period = 50ms, policy = \"{run}\", on-line = on }}";
        RunningProxy proxy = await RunningProxy.StartAsync([first, second], keys, folder);
        await Until.HoldsAsync(async () =>
        {
            await proxy.GetAsync();
            return proxy.Notices.ToString().Contains("the policy learnt from ", StringComparison.Ordinal);
        });
        await proxy.EndAsync();
        Directory.GetFiles(Path.Combine(folder, "state", "policy-web")).ShouldNotBeEmpty();

        await using (RunningProxy next = await RunningProxy.StartAsync([first, second], keys, folder))
        {
            new[] { "a", "b" }.ShouldContain(await next.GetAsync());
            // What it has learnt cannot be written: that is told, and is no reason to stay with it.
            string inTheWay = Path.Combine(folder, "state", "policy-web.new");
            await File.WriteAllTextAsync(inTheWay, "a file");
            await next.ReloadAsync([first, second], "policy = sed");
            next.Notices.ToString().ShouldContain("web: what the policy learnt cannot be kept: ");
            (await next.Admin.StatusAsync(default)).Clusters.Single().Policy.ShouldBe("sed");
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Agent_EndedTwice_LeavesItsPolicyAloneTheSecondTime()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName, run = Path.Combine(folder, "run");
        await TrainAsync(folder, run);
        string text = RunningProxy.Text(
            folder, [("s0", new Uri("http://127.0.0.1:1")), ("s1", new Uri("http://127.0.0.1:2"))],
            $"learned {{ policy = \"{run}\", on-line = on }}");
        ProxyOptions options = ProxyReader.Read(ConfigurationLoader.Parse(text, "test.conf"), "test.conf", []);
        TestCluster cluster = new(TimeProvider.System, options.Clusters.Single(), 1, 1);
        await using (ServiceHost host = await ServiceHost.StartAsync(
            options.Resolved, "test.conf", options.State, options.Keep, Serilog.Core.Logger.None, _ => { }, "state"))
        {
            LiveAgent agent = LiveAgent.Start(host, options, cluster.Balancer, NullLogger.Instance);
            await agent.DisposeAsync();
            string saved = Path.Combine(options.State, "policy-web");
            Directory.Exists(saved).ShouldBeTrue();
            Directory.Delete(saved, recursive: true);
            // As when its successor cannot start.
            await agent.DisposeAsync();
            Directory.Exists(saved).ShouldBeFalse();
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Of two servers.</summary>
    private static async Task TrainAsync(string folder, string run)
    {
        string experiment = Path.Combine(folder, "experiment.conf");
        await File.WriteAllTextAsync(experiment, """
            akkalb {
              family = datacenter, method = distr-lb
              datacenter {
                servers.workers = [1, 2], policies = [sed], baseline = sed, repetitions = 1, traffic.duration = 1s
                learning { episodes = 3, warm-up = 2, duration = 2s, updates = 1, batch = 2, sequence = 2, hidden = 4 }
              }
            }
            """);
        await ExperimentRunner.RunAsync(new ExperimentRequest(experiment) { OutputFolder = run }, new SilentObserver(), default);
    }

    private static ImmutableArray<ServerKnowledge> Learnt(string folder)
    {
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(Path.Combine(folder, "state", "journal", "events.db")));
        return ((LiveBalancerJournal.CapacitiesLearnt)reader.Events(new EventFilter(Type: "capacities-learnt")).Last().Read()).Servers;
    }

    private sealed class SilentObserver : IRunObserver
    {
        public void Started(RunPlan plan)
        {
        }

        public void BaselinesFound(RunBaselines baselines)
        {
        }

        public void EpisodeFinished(EpisodeReport episode)
        {
        }

        public void Notice(string line)
        {
        }
    }
}

using Akka.Actor;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Hosting;
using AkkaLb.Live.Tests.Proxy.Balancing;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

public class ControlLoopsTests
{
    [Fact]
    public async Task Agent_Dies_BeginsAnewFromItsJournal()
    {
        string folder = Directory.CreateTempSubdirectory("akkalb-proxy-").FullName;
        string text = RunningProxy.Text(folder, [("s0", new Uri("http://127.0.0.1:1")), ("s1", new Uri("http://127.0.0.1:2"))], "");
        ProxyOptions options = ProxyReader.Read(ConfigurationLoader.Parse(text, "test.conf"), "test.conf", []);
        TestCluster cluster = new(TimeProvider.System, TestCluster.Of("learned"), 1, 1);
        ClusterControl control = new(cluster.Balancer, cluster);
        using HttpMessageInvoker client = new(new SocketsHttpHandler());
        await using (ServiceHost host = await ServiceHost.StartAsync(
            options.Resolved, "test.conf", options.State, options.Keep, Serilog.Core.Logger.None, _ => { }, "state"))
        await using (ControlLoops loops = new(control, options, host, client, cluster, _ => Task.CompletedTask, NullLogger.Instance))
        {
            await Until.HoldsAsync(() => Task.FromResult(cluster.Balancer.Plane.LastWord != WeightPlane.Never));
            IActorRef first = control.Agent;
            first.Tell(PoisonPill.Instance);
            await Until.HoldsAsync(() => Task.FromResult(!control.Agent.Equals(first)));
            long before = cluster.Balancer.Plane.LastWord;
            await Until.HoldsAsync(() => Task.FromResult(cluster.Balancer.Plane.LastWord > before));
        }
        Directory.Delete(folder, recursive: true);
    }
}

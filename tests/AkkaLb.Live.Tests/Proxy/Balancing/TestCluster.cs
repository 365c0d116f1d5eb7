using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.Randomness;
using AkkaLb.Live.Proxy.Balancing;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.Proxy.Guards;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Tests.Proxy.Balancing;

/// <summary>A cluster of servers that are only names, on a clock that stands.</summary>
internal sealed class TestCluster : IClusterEvents, IProbes
{
    private IReadOnlyList<DestinationState> _all;

    public TestCluster(ClusterOptions options, params double[] weights)
        : this(null, options, weights)
    {
    }

    /// <param name="time">Null: <see cref="Time"/>.</param>
    public TestCluster(TimeProvider? time, ClusterOptions options, params double[] weights)
    {
        Clock = new LiveClock(time ?? Time);
        Options = options with
        {
            Servers = [.. weights.Select((weight, j) => new ServerOptions($"s{j}", new Uri($"http://127.0.0.1:{7000 + j}"), weight))],
        };
        Balancer = new BalancedCluster(Options, Clock, new RandomStream(1, "test"), this, _ => this);
        Balancer.Expect(Options.Servers.Select(server => server.Name));
        _all = [.. weights.Select((weight, j) => Destination($"s{j}", weight))];
        Balancer.Take(_all);
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    public FakeTimeProvider Time { get; } = new();

    public LiveClock Clock { get; }

    public ClusterOptions Options { get; }

    public BalancedCluster Balancer { get; }

    /// <summary>What was told: the server with what it was and is.</summary>
    public List<string> Told { get; } = [];

    public List<int> Probed { get; } = [];

    public static ClusterOptions Of(string policy) => new() { Name = "web", Policy = policy, Servers = [] };

    public static DestinationState Destination(string name, double weight = 1)
    {
        DestinationConfig config = new()
        {
            Address = "http://127.0.0.1:7000/",
            Metadata = new Dictionary<string, string>
            {
                [ClusterServers.WeightKey] = weight.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        };
        return new DestinationState(name, new DestinationModel(config));
    }

    /// <summary>The configuration has these servers from now on.</summary>
    public void SetServers(params string[] names)
    {
        _all = [.. names.Select(name => Destination(name))];
        Balancer.Take(_all);
    }

    public Reservation Pick(int except = -1, uint hash = 0)
    {
        TryPick(out Reservation reservation, except, hash).ShouldBe(PickResult.Picked);
        return reservation;
    }

    public PickResult TryPick(
        out Reservation reservation, int except = -1, uint hash = 0, string? boundTo = null) =>
        TryPick(out reservation, out _, except, hash, boundTo);

    public PickResult TryPick(
        out Reservation reservation, out WaitingLine.Waiter? waiter, int except = -1, uint hash = 0, string? boundTo = null) =>
        Balancer.Pick(new PickRequest(boundTo is null ? _all : Only(boundTo), hash, except), out reservation, out waiter);

    private DestinationState[] Only(string name) => [_all.Single(destination => destination.DestinationId == name)];

    public string PickName() => Pick().Server.Name;

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public ServerSlot Server(string name)
    {
        ServerSlot? server = null;
        Balancer.WithServers(all =>
        {
            server = all.Find(name);
            return false;
        });
        return server!;
    }

    /// <summary>Changes a server as an operator or a check would.</summary>
    public void Change(string name, Action<ServerSlot> change) => Balancer.WithServers(all =>
    {
        change(all.Find(name)!);
        return true;
    });

    /// <summary>The configuration has other options from now on.</summary>
    public void Change(ClusterOptions options) => Balancer.Change(options, new RandomStream(1, "test"), _ => this);

    void IClusterEvents.ServersChanged(BalancedCluster cluster)
    {
    }

    void IClusterEvents.StateChanged(BalancedCluster cluster, string server, string from, string to, string reason) =>
        Told.Add($"{server}: {from} → {to}: {reason}");

    void IClusterEvents.ModeChanged(BalancedCluster cluster, WeightMode from, WeightMode to, string reason) =>
        Told.Add($"{from} → {to}: {reason}");

    void IProbes.Send(int server) => Probed.Add(server);
}

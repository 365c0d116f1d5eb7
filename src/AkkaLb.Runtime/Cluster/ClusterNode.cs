using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;

namespace AkkaLb.Runtime.Cluster;

/// <summary>A node of a cluster: its actor system, its part of the runs, and a small web server for health and status.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly RunStore _store;
    private readonly Logger _log;
    private readonly NodeWatch _watch;

    // The folder is of one process at a time.
    private readonly IDisposable _taken;

    private ClusterNode(WebApplication host, RunStore store, Logger log, NodeWatch watch, IDisposable taken) =>
        (_host, _store, _log, _watch, _taken) = (host, store, log, watch, taken);

    /// <summary>Where other nodes reach it.</summary>
    public string Address => Akka.Cluster.Cluster.Get(System).SelfAddress.ToString();

    /// <summary>Where its health and status are asked for.</summary>
    public string HttpAddress => _host.Urls.First();

    /// <summary>Whether it need not be ended and started again, whatever it waits for.</summary>
    public bool IsAlive => _watch.IsAlive;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    /// <summary>Starts a node; it then seeks its cluster.</summary>
    /// <exception cref="InvalidInputException">The database is none, a port is taken, or the certificate cannot be read.</exception>
    /// <exception cref="RunFailedException">The database cannot be reached, or the actor system does not start.</exception>
    public static async Task<ClusterNode> StartAsync(NodeOptions options, CancellationToken cancellation)
    {
        ServiceHost.CreateFolder(options.Folder, options.NameOf("folder"));
        IDisposable taken = RunFolder.At(options.Folder).Lock("a node's folder");
        Logger log = NodeLog.Open(options.Folder);
        RunStore? store = null;
        WebApplication? host = null;
        string? listening = null;
        try
        {
            store = await RunStore.OpenAsync(options.Store);
            NodeWatch watch = new(options, store);
            host = Build(options, store, watch, log);
            listening = $"{options.BindHost}:{(options.BindPort > 0 ? options.BindPort : options.Port)}";
            // Before the host, which would print a stack trace if it does not start.
            ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
            _ = Akka.Cluster.Cluster.Get(system);
            listening = $"{options.HttpHost}:{options.HttpPort}";
            await host.StartAsync(cancellation);
            ActorSystemComposition.Check(system, hasJournal: true);
            watch.Begin(system);
            return new ClusterNode(host, store, log, watch, taken);
        }
        catch (Exception e)
        {
            log.Error(e, "The node does not start");
            if (host is not null)
            {
                await host.DisposeAsync();
            }
            if (store is not null)
            {
                await store.DisposeAsync();
            }
            await log.DisposeAsync();
            taken.Dispose();
            if (e is InvalidInputException or RunFailedException or OperationCanceledException)
            {
                throw;
            }
            if (listening is not null && Cause(e) is { } socket)
            {
                throw new RunFailedException($"the node cannot listen on {listening}: {socket.Message}", e);
            }
            throw new RunFailedException($"the node does not start: {e.GetBaseException().Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Ends when the node is asked to leave, or must end.</summary>
    /// <param name="leave">Leaves the cluster: hands over what it holds.</param>
    /// <returns>Why it had to end; null when it was asked to.</returns>
    public async Task<string?> RunAsync(CancellationToken leave)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = leave.Register(asked.SetResult);
        await Task.WhenAny(asked.Task, System.WhenTerminated, _watch.Failed);
        string? reason = leave.IsCancellationRequested ? null
            : _watch.Failed.IsCompleted ? await _watch.Failed
            : _watch.WasMember ? "the others have removed this node from the cluster, as they could not reach it"
            : "the others have not let this node into the cluster; its log says why";
        _watch.Leave();
        // Before the host, which would end the web server first: who balances must hear meanwhile that the node is ready no longer.
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        await _watch.EndAsync();
        await _host.StopAsync(CancellationToken.None);
        return reason;
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _host.DisposeAsync();
        await _store.DisposeAsync();
        await _log.DisposeAsync();
        _taken.Dispose();
    }

    /// <summary>The transport wraps what the socket has said, once or several times.</summary>
    private static SocketException? Cause(Exception? e) => e switch
    {
        null => null,
        SocketException socket => socket,
        AggregateException several => several.InnerExceptions.Select(Cause).FirstOrDefault(cause => cause is not null),
        _ => Cause(e.InnerException),
    };

    private static WebApplication Build(NodeOptions options, RunStore store, NodeWatch watch, Logger log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls($"http://{options.HttpHost}:{options.HttpPort}");
        builder.Logging.ClearProviders();
        TelemetryExport.Add(builder, "akkalb-node", ownRequests: true);
        string work = Path.Combine(options.Folder, "work");
        foreach (string left in new[] { Path.Combine(work, HostedRuns.Inputs), Path.Combine(work, ClusterRun.Sessions) })
        {
            if (Directory.Exists(left))
            {
                // Of runs that this node hosted before: all of it is the database's.
                Directory.Delete(left, recursive: true);
            }
        }
        HostedRuns runs = new(store, options, work);
        ActorSystemComposition.Add(builder.Services, options.Akka, options.Journal, log, akka =>
        {
            NodeConfiguration.Add(akka, options);
            akka.WithActors(async (system, registry) =>
            {
                registry.Register<LinkAgentEntity>(await StartLinkAgentsAsync(system, options, runs, watch));
                registry.Register<PlayMember>(await StartMembersAsync(system, options, runs, watch));
            });
            if (options.Roles.Contains(NodeOptions.Learner))
            {
                akka.WithSingleton<RunsActor>(
                    RunsActor.Name,
                    (system, registry, _) => RunsActor.Props(
                        store,
                        (name, term) => new ClusterRun(
                            store, name, term, options, work,
                            (session, keep) =>
                                new ClusterPlay(
                                    system, name, session, registry.Get<LinkAgentEntity>(), registry.Get<PlayMember>(), options)
                                {
                                    Keep = keep,
                                },
                            log),
                        options.Runs),
                    new ClusterSingletonOptions { Role = NodeOptions.Learner, TerminationMessage = RunsActor.HandOver.Instance },
                    createProxyToo: false);
            }
        });
        WebApplication app = builder.Build();
        NodeEndpoints.Map(app, watch);
        return app;
    }

    /// <summary>The shard region where agents live, with the relay beside it; elsewhere a proxy of it.</summary>
    private static async Task<IActorRef> StartLinkAgentsAsync(
        ActorSystem system, NodeOptions options, ILinkAgentRuns runs, NodeWatch watch)
    {
        ClusterSharding sharding = ClusterSharding.Get(system);
        if (!options.Roles.Contains(NodeOptions.Agents))
        {
            return await sharding.StartProxyAsync(LinkAgentExtractor.TypeName, NodeOptions.Agents, new LinkAgentExtractor());
        }
        Akka.Actor.Address self = Akka.Cluster.Cluster.Get(system).SelfAddress;
        IActorRef relay = system.ActorOf(RelayActor.Props(runs, self), RelayActor.Name);
        _ = watch.RequireAsync(system, relay);
        return await sharding.StartAsync(
            LinkAgentExtractor.TypeName,
            id => LinkAgentEntity.Props(id, relay),
            ClusterShardingSettings.Create(system).WithRole(NodeOptions.Agents),
            new LinkAgentExtractor(),
            new CellAllocation(self),
            PoisonPill.Instance);
    }

    /// <summary>The shard region of the members of plays; elsewhere a proxy of it.</summary>
    private static Task<IActorRef> StartMembersAsync(ActorSystem system, NodeOptions options, IPlayRuns runs, NodeWatch watch)
    {
        ClusterSharding sharding = ClusterSharding.Get(system);
        if (!options.Roles.Contains(NodeOptions.Agents))
        {
            return sharding.StartProxyAsync(MemberExtractor.TypeName, NodeOptions.Agents, new MemberExtractor());
        }
        IActorRef policies = system.ActorOf(NodePolicies.Props(), NodePolicies.Name);
        _ = watch.RequireAsync(system, policies);
        return sharding.StartAsync(
            MemberExtractor.TypeName,
            PlayMember.Props(runs, policies),
            ClusterShardingSettings.Create(system).WithRole(NodeOptions.Agents),
            new MemberExtractor(),
            new CellAllocation(Akka.Cluster.Cluster.Get(system).SelfAddress),
            PoisonPill.Instance);
    }
}

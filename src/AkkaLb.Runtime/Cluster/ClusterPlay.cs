using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Network;
using AkkaLb.Domain.Network.Partitions;

namespace AkkaLb.Runtime.Cluster;

/// <summary>Where a run plays whose agents live on a cluster; for one session of it.</summary>
/// <param name="System">Of this node, which holds the run.</param>
/// <param name="Run">Its name.</param>
/// <param name="Session">Numbers the nodes that have held the run, one after the other.</param>
/// <param name="LinkAgents">The region that starts link agents.</param>
/// <param name="Members">The region of players, servers and load balancers.</param>
/// <param name="Options">Of this node.</param>
internal sealed record ClusterPlay(ActorSystem System, string Run, long Session, IActorRef LinkAgents, IActorRef Members,
    NodeOptions Options)
{
    // Networks and plays of a session that are begun again.
    private const int RestartBits = 20;

    // Hundreds of members recover before the first of them answers.
    private const int PatienceWithPlays = 5, LooksPerNotice = 25;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200), Answer = TimeSpan.FromSeconds(3);

    private int _attempts;

    /// <summary>What the distribution has cost so far.</summary>
    public PlacementCounts Counts { get; } = new();

    /// <summary>Called when the run can go on from here on another node.</summary>
    public Action Keep { get; init; } = () => { };

    /// <summary>Where its games and data centres are played.</summary>
    public PlayPlace Place => new(Run, NextAttempt, Members, Options.Patience * PatienceWithPlays, Counts);

    /// <summary>Ends when as many nodes can host agents as the run is to begin with, or when it is stopped.</summary>
    public async Task AwaitNodesAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Look);
        for (int looks = 1; !stop.IsCancellationRequested && await RegionsAsync() is var nodes && nodes < NodesToBegin; looks++)
        {
            if (looks % LooksPerNotice == 0)
            {
                System.Log.Warning("{0} waits: {1} nodes can host agents, expected at least {2}", Run, nodes, NodesToBegin);
            }
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        async Task<int> RegionsAsync()
        {
            try
            {
                CurrentRegions[] regions = await Task.WhenAll(new[] { LinkAgents, Members }.Select(
                    region => region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Answer)));
                return regions.Min(of => of.Regions.Count);
            }
            catch (AskTimeoutException)
            {
                // Its coordinator is being found.
                return 0;
            }
        }
    }

    /// <summary>The link agents of a network, for each time that it is started.</summary>
    public Func<ILinkAgentTeam> Team(Topology topology)
    {
        GraphPartition partition = GraphPartition.Of(topology, Options.Cells);
        return () =>
        {
            long session = NextAttempt();
            PlacementOptions placement = new(Run, session, LinkAgents, partition, NodesToBegin, Counts);
            return new ClusterLinkAgents(Run, session, Options.Patience, PlacementActor.Props(placement), Counts);
        };
    }

    // A run that has begun, here or on a node before, goes on with the nodes that are left.
    private int NodesToBegin => Session == 1 && Counts.Nodes == 0 ? Options.NodesToBegin : 1;

    private long NextAttempt() => (Session << RestartBits) + Interlocked.Increment(ref _attempts);

    /// <summary>For <c>summary.json</c>.</summary>
    public ClusterFigures Figures => new(Counts.Nodes, Counts.Moves, Counts.Repeats, Counts.Frames, Counts.Bytes);
}

/// <summary>What a run says of the cluster that it was played on.</summary>
/// <param name="Nodes">With agents, at the end.</param>
/// <param name="Moves">Agents that began anew, there or elsewhere, since the last node took the run over.</param>
/// <param name="RepeatedEpisodes">Episodes that were played, or begun, and were played again for it, since then.</param>
/// <param name="FramesSent">Combined messages between nodes that host agents.</param>
/// <param name="BytesSent">Of them.</param>
public sealed record ClusterFigures(long Nodes, long Moves, long RepeatedEpisodes, long FramesSent, long BytesSent);

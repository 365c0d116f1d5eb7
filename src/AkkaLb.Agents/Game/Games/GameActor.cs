using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>
/// One game: parent of its players and servers, or on a cluster the one that begins them. It says when players move, as the schedule asks,
/// and writes down what they report; it neither tells players anything about loads nor decides for them. The game counts when all of them
/// have stored what they decided in it.
/// </summary>
public abstract class GameActor : PlayParent
{
    private readonly IGameAddresses _addresses;
    private readonly IActorRef _self;
    private readonly IGameObserver _observer;

    // Of the moves of the round.
    private readonly List<(long Turn, double Wait)> _waits = [];
    private readonly List<GameMove> _moves = [];

    private double[] _loads;
    private int _published, _unsettled, _reported;
    private IPlayOutcome? _outcome;

    protected GameActor(
        GameInstance<double> instance, Profile<double> start, double share, ServerOptions servers, IGameObserver observer,
        AgentJournal? journal, PlayPlace? place)
    {
        Instance = instance;
        _observer = observer;
        _loads = GameCosts.LoadsUnder(instance, start);
        _self = Self;
        if (place is null)
        {
            _addresses = new LocalGame(
                _self, instance.Players, instance.Servers,
                (player, addresses) => Spawn(
                    PlayerActor.Props(InitialPlayer(instance, start, player), share, After(player), addresses, journal),
                    PlayerJournal.Agent(player)),
                (server, addresses) => Spawn(
                    ServerActor.Props(InitialServer(instance, start, server), servers, addresses, journal),
                    ServerJournal.Agent(server)));
        }
        else
        {
            IEnumerable<(string, IMemberPlan)> players = Enumerable.Range(0, instance.Players).Select(i => new PlayerId(i)).Select(
                i => (PlayerJournal.Agent(i), (IMemberPlan)new PlayerPlan(InitialPlayer(instance, start, i), share, After(i))));
            IEnumerable<(string, IMemberPlan)> all = Enumerable.Range(0, instance.Servers).Select(j => new ServerId(j)).Select(
                j => (ServerJournal.Agent(j), (IMemberPlan)new ServerPlan(InitialServer(instance, start, j), servers)));
            Members = new PlayMembers(place, [.. all, .. players], _self);
            _addresses = new ClusterGame(Members.Addresses);
        }

        PlayerId After(PlayerId player) => new((player.Index + 1) % instance.Players);

        Receive<PlayerEvents.Moved>(moved =>
        {
            Sent += moved.Sent;
            Moves++;
            _waits.Add((moved.Turn, moved.Wait));
            if (_observer.WantsMoves)
            {
                _moves.Add(new GameMove(moved.Turn, moved.Player.Index, moved.Wait, [.. moved.Decision.Placement]));
            }
            if (!StopsWithinTheRound())
            {
                OnMoved(moved);
            }
        });
        Receive<ServerEvents.LoadPublished>(OnLoadPublished, e => e.Round == Round);
        Receive<PlayerEvents.Settled>(_ => CountSettled());
        Receive<ServerEvents.Settled>(_ => CountSettled());
    }

    protected GameInstance<double> Instance { get; }

    /// <summary>The round that is being played; 0 before the first.</summary>
    protected int Round { get; private set; }

    protected long Moves { get; private set; }

    protected MessageCounts Sent { get; private set; }

    /// <summary>As published at the end of the last round.</summary>
    protected ReadOnlySpan<double> Loads => _loads;

    protected abstract void OnMoved(PlayerEvents.Moved moved);

    /// <summary>All servers have published; the round is reported next.</summary>
    protected abstract double PotentialNow();

    /// <summary>Opens the next round or ends the game.</summary>
    protected abstract void OnRoundReported();

    protected abstract Profile<double>? FinalProfile();

    protected void OpenRound() => Round++;

    protected void Tell(IPlayerMessage command)
    {
        Sent += new MessageCounts(0, 0, 1);
        _addresses.Tell(command, _self);
    }

    protected void Count(MessageCounts sent) => Sent += sent;

    /// <summary>Ends the round: servers publish their loads, in the dynamic game after they have worked for a step.</summary>
    protected void CloseRound(bool serve)
    {
        _loads = new double[Instance.Servers];
        _published = 0;
        Sent += new MessageCounts(0, 0, Instance.Servers);
        for (int j = 0; j < Instance.Servers; j++)
        {
            ServerId server = new(j);
            _addresses.Tell(serve ? new ServerCommands.Serve(server, Round) : new ServerCommands.CloseRound(server, Round), _self);
        }
    }

    protected void Finish(bool converged, int? cycleLength = null) =>
        Settle(new GameEvents.GameFinished(new GameOutcome(converged, Round, cycleLength, Moves, Sent, _loads, FinalProfile())));

    /// <summary>Nothing more is stored: the game will be played from its start.</summary>
    protected void Stop() =>
        End(new GameEvents.GameStopped(new GameOutcome(false, _reported, null, Moves, Sent, _loads, FinalProfile())));

    /// <summary>Stops if it was told to: in a large game a round takes long.</summary>
    protected bool StopsWithinTheRound()
    {
        if (IsStopping)
        {
            Stop();
        }
        return IsStopping;
    }

    private void OnLoadPublished(ServerEvents.LoadPublished published)
    {
        _loads[published.Server.Index] = published.Load;
        Sent += published.Sent;
        if (++_published == Instance.Servers)
        {
            ReportRound();
            OnRoundReported();
        }
    }

    private void ReportRound()
    {
        // Those who move at once report in any order, and floating-point sums depend on it.
        _waits.Sort((a, b) => a.Turn.CompareTo(b.Turn));
        double waits = 0;
        foreach ((long _, double wait) in _waits)
        {
            waits += wait;
        }
        _observer.RoundFinished(new GameRound(Round, _loads, PotentialNow(), waits / _waits.Count, Moves, Sent)
        {
            ByMove = [.. _moves.OrderBy(move => move.Turn)],
        });
        _reported = Round;
        _waits.Clear();
        _moves.Clear();
    }

    /// <summary>All are there. The barrier is the start of the game.</summary>
    protected override void Begin()
    {
        for (int j = 0; j < Instance.Servers; j++)
        {
            _addresses.Tell(new ServerCommands.GoOnAfter(new ServerId(j), Rounds: 0), _self);
        }
        for (int i = 0; i < Instance.Players; i++)
        {
            _addresses.Tell(new PlayerCommands.GoOnAfter(new PlayerId(i), Moves: 0), _self);
        }
        ReportRound();
        OnRoundReported();
    }

    /// <summary>The game is over; it counts when all have stored what they decided in it.</summary>
    private void Settle(IPlayOutcome outcome)
    {
        (_outcome, _unsettled) = (outcome, Instance.Servers + Instance.Players);
        for (int j = 0; j < Instance.Servers; j++)
        {
            _addresses.Tell(new ServerCommands.Settle(new ServerId(j)), _self);
        }
        for (int i = 0; i < Instance.Players; i++)
        {
            _addresses.Tell(new PlayerCommands.Settle(new PlayerId(i)), _self);
        }
    }

    private void CountSettled()
    {
        if (--_unsettled == 0)
        {
            End(_outcome!);
        }
    }

    private static PlayerState InitialPlayer(GameInstance<double> instance, Profile<double> start, PlayerId player) =>
        PlayerState.Unplaced(player, instance.Lengths[player.Index], instance.Servers) with { Placement = [.. start[player.Index]] };

    private static ServerState InitialServer(GameInstance<double> instance, Profile<double> start, ServerId server)
    {
        ServerState state = ServerState.Initial(server, instance.Rates[server.Index], instance.Loads[server.Index]);
        for (int i = 0; i < instance.Players; i++)
        {
            if (start[i, server.Index] > 0)
            {
                state = state.Apply(new WorkPlaced(new PlayerId(i), start[i, server.Index]));
            }
        }
        return state;
    }
}

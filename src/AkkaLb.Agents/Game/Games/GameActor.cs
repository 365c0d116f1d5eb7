using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Plays;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>
/// One game: parent of its players and servers. It says when players move, as the schedule asks, and writes down what they report; it
/// neither tells players anything about loads nor decides for them. The game counts when all of them have stored what they decided in it.
/// </summary>
/// <remarks>It is played by a <see cref="PlayActor"/>, which begins it again when a player or a server crashes.</remarks>
public abstract class GameActor : ReceiveActor
{
    private readonly GameAddresses _addresses;
    private readonly IGameObserver _observer;

    private IActorRef _starter = ActorRefs.Nobody;
    private double[] _loads;
    private double _waits;
    private int _published, _movesOfRound, _unsettled;
    private IPlayOutcome? _outcome;

    protected GameActor(
        GameInstance<double> instance, Profile<double> start, double share, ServerOptions servers, IGameObserver observer,
        AgentJournal? journal)
    {
        Instance = instance;
        _observer = observer;
        _loads = GameCosts.LoadsUnder(instance, start);
        _addresses = new GameAddresses(
            Self, instance.Players, instance.Servers,
            (player, addresses) => Spawn(PlayerActor.Props(InitialPlayer(instance, start, player), share, addresses, journal), PlayerJournal.Agent(player)),
            (server, addresses) => Spawn(ServerActor.Props(InitialServer(instance, start, server), servers, addresses, journal), ServerJournal.Agent(server)));

        Receive<PlayerEvents.Moved>(moved =>
        {
            Sent += moved.Sent;
            Moves++;
            _movesOfRound++;
            _waits += moved.Wait;
            OnMoved(moved);
        });
        Receive<ServerEvents.LoadPublished>(OnLoadPublished, e => e.Round == Round);
        Receive<PlayerEvents.Settled>(_ => CountSettled());
        Receive<ServerEvents.Settled>(_ => CountSettled());
        Receive<PlayCommands.StartPlay>(_ =>
        {
            _starter = Sender;
            GoOn();
            ReportRound();
            OnRoundReported();
        });
        Receive<PlayCommands.StopPlay>(_ => IsStopping = true);
        Receive<Terminated>(terminated =>
        {
            Context.Parent.Tell(new PlayEvents.PlayCrashed(terminated.ActorRef.Path.Name));
            Context.Stop(Self);
        });
    }

    protected GameInstance<double> Instance { get; }

    /// <summary>The round that is being played; 0 before the first.</summary>
    protected int Round { get; private set; }

    protected bool IsStopping { get; private set; }

    protected long Moves { get; private set; }

    protected MessageCounts Sent { get; private set; }

    /// <summary>As published at the end of the last round.</summary>
    protected ReadOnlySpan<double> Loads => _loads;

    // A blank successor knows neither its work nor its place in the round.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected abstract void OnMoved(PlayerEvents.Moved moved);

    /// <summary>All servers have published; the round is reported next.</summary>
    protected abstract double PotentialNow();

    /// <summary>Opens the next round or ends the game.</summary>
    protected abstract void OnRoundReported();

    protected abstract Profile<double>? FinalProfile();

    protected void OpenRound() => Round++;

    protected void Tell(int player, IPlayerMessage command)
    {
        Sent += new MessageCounts(0, 0, 1);
        _addresses[new PlayerId(player)].Tell(command);
    }

    protected void Count(MessageCounts sent) => Sent += sent;

    /// <summary>Ends the round: servers publish their loads, in the dynamic game after they have worked for a step.</summary>
    protected void CloseRound(bool serve)
    {
        _loads = new double[_addresses.Servers];
        _published = 0;
        Sent += new MessageCounts(0, 0, _addresses.Servers);
        for (int j = 0; j < _addresses.Servers; j++)
        {
            ServerId server = new(j);
            _addresses[server].Tell(serve ? new ServerCommands.Serve(server, Round) : new ServerCommands.CloseRound(server, Round));
        }
    }

    protected void Finish(bool converged, int? cycleLength = null) =>
        Settle(new GameEvents.GameFinished(new GameOutcome(converged, Round, cycleLength, Moves, Sent, _loads, FinalProfile())));

    protected void Stop() =>
        Settle(new GameEvents.GameStopped(new GameOutcome(false, Round, null, Moves, Sent, _loads, FinalProfile())));

    private void OnLoadPublished(ServerEvents.LoadPublished published)
    {
        _loads[published.Server.Index] = published.Load;
        Sent += published.Sent;
        if (++_published == _addresses.Servers)
        {
            ReportRound();
            OnRoundReported();
        }
    }

    private void ReportRound()
    {
        _observer.RoundFinished(new GameRound(Round, _loads, PotentialNow(), _waits / _movesOfRound, Moves, Sent));
        (_waits, _movesOfRound) = (0, 0);
    }

    /// <summary>The barrier is the start of the game.</summary>
    private void GoOn()
    {
        for (int j = 0; j < _addresses.Servers; j++)
        {
            _addresses[new ServerId(j)].Tell(new ServerCommands.GoOnAfter(new ServerId(j), Rounds: 0));
        }
        for (int i = 0; i < _addresses.Players; i++)
        {
            _addresses[new PlayerId(i)].Tell(new PlayerCommands.GoOnAfter(new PlayerId(i), Moves: 0));
        }
    }

    /// <summary>The game is over; it counts when all have stored what they decided in it.</summary>
    private void Settle(IPlayOutcome outcome)
    {
        (_outcome, _unsettled) = (outcome, _addresses.Servers + _addresses.Players);
        for (int j = 0; j < _addresses.Servers; j++)
        {
            _addresses[new ServerId(j)].Tell(new ServerCommands.Settle(new ServerId(j)));
        }
        for (int i = 0; i < _addresses.Players; i++)
        {
            _addresses[new PlayerId(i)].Tell(new PlayerCommands.Settle(new PlayerId(i)));
        }
    }

    private void CountSettled()
    {
        if (--_unsettled == 0)
        {
            _starter.Tell(_outcome);
            Context.Stop(Self);
        }
    }

    private static IActorRef Spawn(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

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

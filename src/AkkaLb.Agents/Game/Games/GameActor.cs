using Akka.Actor;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Games;

/// <summary>
/// One game: parent of its players and servers. It says when players move, as the schedule asks, and writes down what they report; it
/// neither tells players anything about loads nor decides for them.
/// </summary>
public abstract class GameActor : ReceiveActor
{
    private readonly IActorRef[] _players, _servers;
    private readonly IGameObserver _observer;

    private IActorRef _starter = ActorRefs.Nobody;
    private double[] _loads;
    private double _waits;
    private int _published, _movesOfRound;

    protected GameActor(GameInstance<double> instance, Profile<double> start, double share, ServerOptions servers, IGameObserver observer, AgentJournal? journal)
    {
        Instance = instance;
        _observer = observer;
        _loads = GameCosts.LoadsUnder(instance, start);
        _servers = [.. Enumerable.Range(0, instance.Servers).Select(j => Spawn(ServerActor.Props(InitialServer(instance, start, j), servers), $"server-{j}"))];
        _players = [.. Enumerable.Range(0, instance.Players).Select(i => Spawn(PlayerActor.Props(InitialPlayer(instance, start, i), share, journal), $"player-{i}"))];
        for (int i = 0; i < _players.Length; i++)
        {
            int next = (i + 1) % _players.Length;
            _players[i].Tell(new PlayerCommands.Connect(new PlayerId(i), _servers, new PlayerNeighbour(new PlayerId(next), _players[next])));
        }

        Receive<PlayerEvents.Moved>(moved =>
        {
            Sent += moved.Sent;
            Moves++;
            _movesOfRound++;
            _waits += moved.Wait;
            OnMoved(moved);
        });
        Receive<ServerEvents.LoadPublished>(OnLoadPublished, e => e.Round == Round);
        Receive<GameCommands.StartGame>(_ =>
        {
            _starter = Sender;
            ReportRound();
            OnRoundReported();
        });
        Receive<GameCommands.StopGame>(_ => IsStopping = true);
        Receive<Terminated>(terminated => Fail($"the {terminated.ActorRef.Path.Name} actor failed, see the log"));
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
        _players[player].Tell(command);
    }

    protected void Count(MessageCounts sent) => Sent += sent;

    /// <summary>Ends the round: servers publish their loads, in the dynamic game after they have worked for a step.</summary>
    protected void CloseRound(bool serve)
    {
        _loads = new double[_servers.Length];
        _published = 0;
        Sent += new MessageCounts(0, 0, _servers.Length);
        for (int j = 0; j < _servers.Length; j++)
        {
            _servers[j].Tell(serve ? new ServerCommands.Serve(new ServerId(j), Round) : new ServerCommands.CloseRound(new ServerId(j), Round));
        }
    }

    protected void Finish(bool converged, int? cycleLength = null) =>
        End(new GameEvents.GameFinished(new GameOutcome(converged, Round, cycleLength, Moves, Sent, _loads, FinalProfile())));

    protected void Stop() =>
        End(new GameEvents.GameStopped(new GameOutcome(false, Round, null, Moves, Sent, _loads, FinalProfile())));

    private void OnLoadPublished(ServerEvents.LoadPublished published)
    {
        _loads[published.Server.Index] = published.Load;
        Sent += published.Sent;
        if (++_published == _servers.Length)
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

    private void Fail(string reason) => End(new GameEvents.GameFailed(reason));

    private void End(object outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }

    private static IActorRef Spawn(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    private static PlayerState InitialPlayer(GameInstance<double> instance, Profile<double> start, int player) =>
        PlayerState.Unplaced(new PlayerId(player), instance.Lengths[player], instance.Servers) with { Placement = [.. start[player]] };

    private static ServerState InitialServer(GameInstance<double> instance, Profile<double> start, int server)
    {
        ServerState state = ServerState.Initial(new ServerId(server), instance.Rates[server], instance.Loads[server]);
        for (int i = 0; i < instance.Players; i++)
        {
            if (start[i, server] > 0)
            {
                state = state.Apply(new WorkPlaced(new PlayerId(i), start[i, server]));
            }
        }
        return state;
    }
}

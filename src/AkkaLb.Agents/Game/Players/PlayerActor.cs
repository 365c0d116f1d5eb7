using Akka.Actor;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;

namespace AkkaLb.Agents.Game.Players;

/// <summary>
/// One player: asks every server for its load, decides, and places its job, all by message. It knows the others only by the loads that
/// they cause. All arithmetic is <see cref="PlayerState"/>'s.
/// </summary>
/// <remarks>
/// A move ends when every server that it concerns has acknowledged, so that whoever moves next observes it, wherever servers and players
/// run: messages of different senders have no order.
/// </remarks>
public sealed class PlayerActor : JournalledActor
{
    private readonly double _share;
    private readonly PlayerId _next;
    private readonly double[] _loads, _rates;
    private readonly IGameAddresses _addresses;
    private readonly IActorRef _self;

    private PlayerState _state;
    private PlacementDecided? _decision;
    private double _wait;
    private long _turn;
    private int _awaited;
    private bool _placesAtOnce;
    private PlayerCommands.TakeToken? _token;
    private MessageCounts _sent;
    private long _moves;

    /// <param name="initial">The job, and what of it lies where.</param>
    /// <param name="share">The part of the way to the best response that each move goes, in (0, 1].</param>
    /// <param name="next">Who comes after it in the ring.</param>
    /// <param name="addresses">Where servers, players and the game are.</param>
    /// <param name="journal">Where its placements are stored; null: nowhere.</param>
    public PlayerActor(PlayerState initial, double share, PlayerId next, IGameAddresses addresses, AgentJournal? journal)
        : base(journal, PlayerJournal.Agent(initial.Player))
    {
        _state = initial;
        _share = share;
        _next = next;
        _addresses = addresses;
        _loads = new double[initial.Placement.Length];
        _rates = new double[initial.Placement.Length];
        _self = Self;
        Command<ServerEvents.LoadObserved>(OnLoadObserved, e => e.Turn == _turn);
        Command<ServerEvents.WorkAccepted>(_ => CountAccepted(), e => e.Turn == _turn);
        Command<PlayerCommands.TakeTurn>(take => Observe(take.Turn, take.NewJob, placesAtOnce: true));
        Command<PlayerCommands.TakeToken>(token =>
        {
            _token = token;
            Observe(token.Turn, token.NewJob, placesAtOnce: true);
        });
        Command<PlayerCommands.Observe>(observe => Observe(observe.Turn, newJob: false, placesAtOnce: false));
        Command<PlayerCommands.Place>(place => Place(place.Turn));
        Command<PlayerCommands.GoOnAfter>(after => GoOn(stored => stored.Step < after.Moves));
        Command<PlayerCommands.Settle>(settle => WhenStored(() => addresses.TellGame(new PlayerEvents.Settled(settle.Player), _self)));
    }

    /// <summary>What it knows between two moves.</summary>
    public PlayerState State => _state;

    /// <summary>Made so far.</summary>
    public long Moves => _moves;

    public static Props Props(PlayerState initial, double share, PlayerId next, IGameAddresses addresses, AgentJournal? journal = null) =>
        Akka.Actor.Props.Create(() => new PlayerActor(initial, share, next, addresses, journal));

    // The barrier is the start of the game: nobody goes on from a later one.
    protected override bool KeepsSnapshots => false;

    protected override void Apply(IJournalEvent stored)
    {
        PlayerJournal.JobPlaced placed = (PlayerJournal.JobPlaced)stored;
        (_state, _moves) = (_state with { Placement = placed.Placement }, placed.Step + 1);
    }

    private void Observe(long turn, bool newJob, bool placesAtOnce)
    {
        (_turn, _placesAtOnce, _awaited) = (turn, placesAtOnce, _loads.Length);
        if (newJob)
        {
            _state = PlayerState.Unplaced(_state.Player, _state.Length, _loads.Length);
        }
        for (int j = 0; j < _loads.Length; j++)
        {
            _addresses.Tell(new ServerCommands.ObserveLoad(new ServerId(j), turn, _state.Player), _self);
        }
        _sent += new MessageCounts(_loads.Length, 0, 0);
    }

    private void OnLoadObserved(ServerEvents.LoadObserved observed)
    {
        (_loads[observed.Server.Index], _rates[observed.Server.Index]) = (observed.Load, observed.Rate);
        if (--_awaited > 0)
        {
            return;
        }
        _decision = _state.Decide(_loads, _rates, _share);
        _wait = ExpectedWait(_decision);
        if (_placesAtOnce)
        {
            Place(_turn);
        }
        else
        {
            Report(sent => new PlayerEvents.Decided(_state.Player, _turn, sent));
        }
    }

    private void Place(long turn)
    {
        PlacementDecided decision = _decision ?? throw new InvalidOperationException(
            $"{_state.Player} has decided nothing that it could place");
        (_turn, _awaited) = (turn, 1); // one more than servers to wait for, so that it cannot end before all are asked
        for (int j = 0; j < _loads.Length; j++)
        {
            double before = _state.Placement[j], now = decision.Placement[j];
            // Work that stays is placed again: servers then round as one player after the other does in Domain.
            if (before > 0 || now > 0)
            {
                _addresses.Tell(new ServerCommands.PlaceWork(new ServerId(j), turn, _state.Player, now), _self);
                _awaited++;
            }
        }
        _sent += new MessageCounts(0, _awaited - 1, 0);
        _state = _state.Apply(decision);
        Store(new PlayerJournal.JobPlaced(_moves++, decision.Level, decision.Placement));
        CountAccepted();
    }

    private void CountAccepted()
    {
        if (--_awaited > 0)
        {
            return;
        }
        PlacementDecided decision = _decision!;
        _decision = null;
        if (_token is { Left: > 0 } token)
        {
            _addresses.Tell(new PlayerCommands.TakeToken(_next, token.Turn + 1, token.NewJob, token.Left - 1), _self);
            _sent += new MessageCounts(0, 0, 1);
        }
        _token = null;
        Report(sent => new PlayerEvents.Moved(_state.Player, _turn, decision, _wait, sent));
    }

    private void Report(Func<MessageCounts, IGameMessage> report)
    {
        _addresses.TellGame(report(_sent + new MessageCounts(0, 0, 1)), _self);
        _sent = default;
    }

    /// <summary>D_i of the decision under the loads observed, the player's own work excluded.</summary>
    private double ExpectedWait(PlacementDecided decision)
    {
        for (int j = 0; j < _loads.Length; j++)
        {
            _loads[j] = Math.Max(_loads[j] - _state.Placement[j], 0);
        }
        return GameCosts.OfPlacement<double>(decision.Placement.AsSpan(), _loads, _rates) / _state.Length;
    }
}

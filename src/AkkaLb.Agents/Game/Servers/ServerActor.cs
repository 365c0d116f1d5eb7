using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>
/// One server: answers what its load is, takes work, and works. What was placed on it and what it served are its events. All arithmetic
/// is <see cref="ServerState"/>'s.
/// </summary>
public sealed class ServerActor : JournalledActor
{
    private readonly ServerOptions _options;
    private readonly RandomStream _service;

    private readonly RoundLog _log;

    // Of the round: placed already, or held until it ends.
    private readonly List<WorkPlaced> _placed = [];

    private ServerState _state;
    private MessageCounts _sent;

    /// <param name="addresses">Where players and the game are.</param>
    /// <param name="journal">Where its rounds are stored; null: nowhere.</param>
    public ServerActor(ServerState initial, ServerOptions options, IGameAddresses addresses, AgentJournal? journal)
        : base(journal, ServerJournal.Agent(initial.Server))
    {
        _state = initial;
        _options = options;
        _log = new RoundLog(options.RoundsOfAnEvent);
        _service = new RandomStream(options.Seed, $"server/{initial.Server.Index}");
        IActorRef self = Self;
        Command<ServerCommands.ObserveLoad>(observe =>
        {
            addresses.Tell(
                new ServerEvents.LoadObserved(observe.Player, _state.Server, observe.Turn, _state.Load, _state.Rate), self);
            _sent += new MessageCounts(1, 0, 0);
        });
        Command<ServerCommands.PlaceWork>(place =>
        {
            WorkPlaced placed = new(place.Player, place.Amount);
            _placed.Add(placed);
            if (!_options.HoldsPlacements)
            {
                _state = _state.Apply(placed);
            }
            addresses.Tell(new ServerEvents.WorkAccepted(place.Player, _state.Server, place.Turn), self);
            _sent += new MessageCounts(0, 1, 0);
        });
        Command<ServerCommands.CloseRound>(close => EndRound(close.Round, null));
        Command<ServerCommands.Serve>(serve =>
        {
            _service.MoveTo((ulong)serve.Round);
            EndRound(serve.Round, _options.Service.Draw(_state.Rate, _service));
        });
        Command<ServerCommands.GoOnAfter>(after => GoOn(stored => ((ServerJournal.RoundsEnded)stored).Until <= after.Rounds));
        Command<ServerCommands.Settle>(settle =>
        {
            StoreRounds();
            WhenStored(() => addresses.TellGame(new ServerEvents.Settled(settle.Server), self));
        });

        void EndRound(int round, double? service)
        {
            ApplyHeld();
            Serve(service);
            NoteRound(service);
            _placed.Clear();
            addresses.TellGame(
                new ServerEvents.LoadPublished(_state.Server, round, _state.Load, _sent + new MessageCounts(0, 0, 1)), self);
            _sent = default;
        }
    }

    /// <summary>What it knows between two rounds.</summary>
    public ServerState State => _state;

    public static Props Props(ServerState initial, ServerOptions options, IGameAddresses addresses, AgentJournal? journal = null) =>
        Akka.Actor.Props.Create(() => new ServerActor(initial, options, addresses, journal));

    // The barrier is the start of the game: nobody goes on from a later one.
    protected override bool KeepsSnapshots => false;

    protected override void Apply(IJournalEvent stored)
    {
        ServerJournal.RoundsEnded ended = (ServerJournal.RoundsEnded)stored;
        int placement = 0;
        for (int round = 0; round < ended.Placements.Length; round++)
        {
            for (int left = ended.Placements[round]; left > 0; left--, placement++)
            {
                _state = _state.Apply(new WorkPlaced(new PlayerId(ended.Players[placement]), ended.Amounts[placement]));
            }
            Serve(ended.Services.IsEmpty ? null : ended.Services[round]);
        }
        _log.GoOn(ended);
    }

    private void NoteRound(double? service)
    {
        if (!HasJournal)
        {
            return;
        }
        foreach (WorkPlaced placed in _placed)
        {
            _log.Place(placed.Player.Index, placed.Amount);
        }
        _log.EndRound(_placed.Count, service);
        if (_log.IsFull)
        {
            StoreRounds();
        }
    }

    private void StoreRounds()
    {
        if (!_log.IsEmpty)
        {
            Store(_log.Take(_state.Load));
        }
    }

    private void ApplyHeld()
    {
        if (!_options.HoldsPlacements)
        {
            return;
        }
        // Messages of a round arrive in any order, and floating-point sums depend on it.
        _placed.Sort((a, b) => a.Player.Index.CompareTo(b.Player.Index));
        foreach (WorkPlaced placed in _placed)
        {
            _state = _state.Apply(placed);
        }
    }

    private void Serve(double? service)
    {
        if (service is { } rate)
        {
            _state = (_state with { Rate = rate }).Serve() with { Rate = _state.Rate };
        }
    }
}

using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>
/// One server: answers what its load is, takes work, and works. What was placed on it and what it served are its events, one a round. All
/// arithmetic is <see cref="ServerState"/>'s.
/// </summary>
public sealed class ServerActor : JournalledActor
{
    private readonly ServerOptions _options;
    private readonly RandomStream _service;

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
        Command<ServerCommands.GoOnAfter>(after => GoOn(stored => stored.Step < after.Rounds));
        Command<ServerCommands.Settle>(settle =>
            WhenStored(() => addresses.TellGame(new ServerEvents.Settled(settle.Server), self)));

        void EndRound(int round, double? service)
        {
            ApplyHeld();
            Serve(service);
            if (HasJournal)
            {
                Store(new ServerJournal.RoundEnded(
                    round - 1, [.. _placed.Select(p => p.Player.Index)], [.. _placed.Select(p => p.Amount)], service, _state.Load));
            }
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

    protected override void Apply(IJournalEvent stored)
    {
        ServerJournal.RoundEnded ended = (ServerJournal.RoundEnded)stored;
        for (int k = 0; k < ended.Players.Length; k++)
        {
            _state = _state.Apply(new WorkPlaced(new PlayerId(ended.Players[k]), ended.Amounts[k]));
        }
        Serve(ended.Service);
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

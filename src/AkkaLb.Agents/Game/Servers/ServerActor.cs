using Akka.Actor;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Game.Servers;

/// <summary>One server: answers what its load is, takes work, and works. All arithmetic is <see cref="ServerState"/>'s.</summary>
public sealed class ServerActor : ReceiveActor
{
    private readonly ServerOptions _options;
    private readonly RandomStream _service;
    private readonly List<WorkPlaced> _held = [];

    private ServerState _state;
    private MessageCounts _sent;

    public ServerActor(ServerState initial, ServerOptions options)
    {
        _state = initial;
        _options = options;
        _service = new RandomStream(options.Seed, $"server/{initial.Server.Index}");
        Receive<ServerCommands.ObserveLoad>(observe =>
        {
            Sender.Tell(new ServerEvents.LoadObserved(_state.Server, observe.Turn, _state.Load, _state.Rate), Self);
            _sent += new MessageCounts(1, 0, 0);
        });
        Receive<ServerCommands.PlaceWork>(place =>
        {
            WorkPlaced placed = new(place.Player, place.Amount);
            if (_options.HoldsPlacements)
            {
                _held.Add(placed);
            }
            else
            {
                _state = _state.Apply(placed);
            }
            Sender.Tell(new ServerEvents.WorkAccepted(_state.Server, place.Turn), Self);
            _sent += new MessageCounts(0, 1, 0);
        });
        Receive<ServerCommands.CloseRound>(close =>
        {
            ApplyHeld();
            Publish(close.Round);
        });
        Receive<ServerCommands.Serve>(serve =>
        {
            ApplyHeld();
            _service.MoveTo((ulong)serve.Round);
            double rate = _options.Service.Draw(_state.Rate, _service);
            _state = (_state with { Rate = rate }).Serve() with { Rate = _state.Rate };
            Publish(serve.Round);
        });
    }

    public static Props Props(ServerState initial, ServerOptions options) =>
        Akka.Actor.Props.Create(() => new ServerActor(initial, options));

    private void ApplyHeld()
    {
        // Messages of a round arrive in any order, and floating-point sums depend on it.
        _held.Sort((a, b) => a.Player.Index.CompareTo(b.Player.Index));
        foreach (WorkPlaced placed in _held)
        {
            _state = _state.Apply(placed);
        }
        _held.Clear();
    }

    private void Publish(int round)
    {
        Sender.Tell(new ServerEvents.LoadPublished(_state.Server, round, _state.Load, _sent + new MessageCounts(0, 0, 1)), Self);
        _sent = default;
    }
}

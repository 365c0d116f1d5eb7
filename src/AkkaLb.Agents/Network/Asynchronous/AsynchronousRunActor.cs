using Akka.Actor;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Agents.Plays;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// An asynchronous run: its network, started again when it crashes and made anew when it has lost agents on other nodes. Whoever starts the
/// run is told how it ended.
/// </summary>
public sealed class AsynchronousRunActor : ReceiveActor
{
    private readonly Props _network;
    private readonly RepeatLimit _losses = new();
    private IActorRef _starter = ActorRefs.Nobody, _running;
    private bool _isStopping, _isLost;
    private int _made;

    public AsynchronousRunActor(Props network)
    {
        _network = network;
        _running = Make();
        Receive<AsynchronousNetworkCommands.Start>(_ =>
        {
            _starter = Sender;
            Start();
        });
        Receive<AsynchronousNetworkCommands.Stop>(stop =>
        {
            _isStopping = true;
            _running.Tell(stop);
        });
        Receive<AsynchronousNetworkEvents.NetworkRestarted>(_ => Start());
        Receive<AsynchronousNetworkEvents.AgentsLost>(_ => _isLost = true);
        Receive<AsynchronousNetworkEvents.IOutcome>(End);
        Receive<Terminated>(_ =>
        {
            if (!_isLost)
            {
                End(new AsynchronousNetworkEvents.RunFailed($"the network crashed more than {NetworkActor.MaxRestarts} times in a minute"));
                return;
            }
            if (!_losses.Allows(Context.System.Scheduler.MonotonicClock))
            {
                End(new AsynchronousNetworkEvents.RunFailed(
                    $"agents were lost {RepeatLimit.Most + 1} times within a minute, see the log"));
                return;
            }
            _isLost = false;
            _running = Make();
            Start();
        });
    }

    /// <param name="network">Of an <see cref="AsynchronousNetworkActor"/>.</param>
    public static Props Props(Props network) => Akka.Actor.Props.Create(() => new AsynchronousRunActor(network));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(NetworkActor.MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    private IActorRef Make() => Context.Watch(Context.ActorOf(_network, _made++ == 0 ? "network" : $"network-{_made}"));

    private void Start()
    {
        _running.Tell(AsynchronousNetworkCommands.Start.Instance);
        if (_isStopping)
        {
            _running.Tell(AsynchronousNetworkCommands.Stop.Instance);
        }
    }

    private void End(AsynchronousNetworkEvents.IOutcome outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}

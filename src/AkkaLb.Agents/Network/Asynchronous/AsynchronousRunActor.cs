using Akka.Actor;
using AkkaLb.Agents.Network.Networks;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>An asynchronous run: its network, started again when it crashes. Whoever starts the run is told how it ended.</summary>
public sealed class AsynchronousRunActor : ReceiveActor
{
    private IActorRef _starter = ActorRefs.Nobody;

    public AsynchronousRunActor(Props network)
    {
        IActorRef running = Context.Watch(Context.ActorOf(network, "network"));
        bool isStopping = false;
        Receive<AsynchronousNetworkCommands.Start>(start =>
        {
            _starter = Sender;
            running.Tell(start);
        });
        Receive<AsynchronousNetworkCommands.Stop>(stop =>
        {
            isStopping = true;
            running.Tell(stop);
        });
        Receive<AsynchronousNetworkEvents.NetworkRestarted>(_ =>
        {
            running.Tell(AsynchronousNetworkCommands.Start.Instance);
            if (isStopping)
            {
                running.Tell(AsynchronousNetworkCommands.Stop.Instance);
            }
        });
        Receive<AsynchronousNetworkEvents.IOutcome>(End);
        Receive<Terminated>(_ => End(new AsynchronousNetworkEvents.RunFailed(
            $"the network crashed more than {NetworkActor.MaxRestarts} times in a minute")));
    }

    /// <param name="network">Of an <see cref="AsynchronousNetworkActor"/>.</param>
    public static Props Props(Props network) => Akka.Actor.Props.Create(() => new AsynchronousRunActor(network));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(NetworkActor.MaxRestarts, TimeSpan.FromMinutes(1), _ => Directive.Restart);

    private void End(AsynchronousNetworkEvents.IOutcome outcome)
    {
        _starter.Tell(outcome);
        Context.Stop(Self);
    }
}

using Akka.Actor;

namespace Engine.Tests.Actor;

public class BehaviourTests : EngineTest
{
    [Fact]
    public void UntypedActor_BecomesToo()
    {
        IActorRef actor = ActorOf(() => new Switch(TestActor));
        foreach (string message in (string[])["x", "toggle", "x", "toggle", "x"])
        {
            actor.Tell(message);
        }

        ReceiveN(3).ShouldBe(["off x", "on x", "off x"]);
    }

    [Fact]
    public void BusyActor_LetsOthersHaveTheirTurn()
    {
        // More actors that never rest than there are threads.
        for (int i = 0; i < Environment.ProcessorCount * 2; i++)
        {
            ActorOf(() => new Restless()).Tell("go");
        }

        ActorOf(Akka.TestKit.TestActors.EchoActor.Props(this)).Tell("still served?");

        ExpectMsg("still served?");
    }

    private sealed class Switch(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "toggle")
            {
                BecomeStacked(On);
            }
            else
            {
                probe.Tell($"off {message}");
            }
        }

        private void On(object message)
        {
            if (message is "toggle")
            {
                UnbecomeStacked();
            }
            else
            {
                probe.Tell($"on {message}");
            }
        }
    }

    private sealed class Restless : ReceiveActor
    {
        public Restless() => Receive<string>(text => Self.Tell(text));
    }
}

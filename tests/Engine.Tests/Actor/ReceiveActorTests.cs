using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Actor;

public sealed class ReceiveActorTests : ActorTest
{
    private interface IShape;

    private record Circle : IShape;

    private sealed record Disc : Circle;

    private sealed class Matcher : ReceiveActor
    {
        public Matcher()
        {
            Receive<int>(i => Sender.Tell($"small {i}"), i => i < 10);
            Receive<int>(i => i < 20, i => Sender.Tell($"middle {i}"));
            Receive<int>(i =>
            {
                if (i < 30) { Sender.Tell($"large {i}"); }
                return i < 30;
            });
            Receive<Disc>(_ => Sender.Tell("disc"));
            Receive<Circle>(_ => Sender.Tell("circle"));
            Receive<IShape>(_ => Sender.Tell("shape"));
            Receive(typeof(string), text => Sender.Tell($"text {text}"), text => (string)text != "other");
            Receive(typeof(double), number =>
            {
                Sender.Tell($"number {number}");
                return true;
            });
        }
    }

    private sealed class Shape : IShape;

    [Theory]
    [InlineData(1, "small 1")]
    [InlineData(15, "middle 15")]
    [InlineData(25, "large 25")]
    [InlineData("a", "text a")]
    [InlineData(2.0, "number 2")]
    public void Receive_FirstHandlerThatFits_Handles(object message, string expected)
    {
        Sys.ActorOf(Props.Create(() => new Matcher())).Tell(message, TestActor);
        ExpectMsg(expected);
    }

    [Fact]
    public void Receive_SubclassesAndInterfaces_Fit()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Matcher()));
        actor.Tell(new Disc(), TestActor);
        ExpectMsg("disc");
        actor.Tell(new Circle(), TestActor);
        ExpectMsg("circle");
        actor.Tell(new Shape(), TestActor);
        ExpectMsg("shape");
    }

    [Theory]
    [InlineData(99)]
    [InlineData("other")]
    [InlineData('c')]
    public void Receive_NoHandlerFits_IsPublishedAsUnhandled(object message)
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Matcher()));
        actor.Tell(message, TestActor);
        UnhandledMessage unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe(message);
        unhandled.Sender.ShouldBe(TestActor);
        unhandled.Recipient.ShouldBe(actor);
    }

    private sealed class Moody : ReceiveActor
    {
        public Moody()
        {
            Receive<string>(m => m == "who", _ => Sender.Tell("base"));
            Common();
        }

        private void Common()
        {
            Receive<string>(m => m == "become", _ => Become(() => Named("became")));
            Receive<string>(m => m == "push a", _ => BecomeStacked(() => Named("a")));
            Receive<string>(m => m == "push b", _ => BecomeStacked(() => Named("b")));
            Receive<string>(m => m == "pop", _ => UnbecomeStacked());
        }

        private void Named(string name)
        {
            Receive<string>(m => m == "who", _ => Sender.Tell(name));
            Common();
        }
    }

    [Theory]
    [InlineData("base")]
    [InlineData("became", "become")]
    [InlineData("b", "push a", "push b")]
    [InlineData("a", "push a", "push b", "pop")]
    [InlineData("base", "push a", "push b", "pop", "pop")]
    [InlineData("base", "push a", "pop", "pop", "pop")]
    [InlineData("became", "push a", "become")]
    [InlineData("a", "push a", "push b", "become", "pop")]
    [InlineData("became", "become", "push a", "pop")]
    public void Become_Stack_GivesTheBehaviour(string expected, params string[] steps)
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Moody()));
        foreach (string step in steps) { actor.Tell(step); }
        actor.Tell("who", TestActor);
        ExpectMsg(expected);
    }

    [Fact]
    public void Become_Restart_GoesBackToTheInitialBehaviour()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Fragile()));
        actor.Tell("become");
        actor.Tell("who", TestActor);
        ExpectMsg("became");
        actor.Tell("fail");
        actor.Tell("who", TestActor);
        ExpectMsg("base");
    }

    private sealed class Fragile : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "become":
                    Become(Became);
                    break;
                case "who":
                    Sender.Tell("base");
                    break;
            }
        }

        private void Became(object message)
        {
            if (message is "fail") { throw new InvalidOperationException(); }
            Sender.Tell("became");
        }
    }

    private sealed class Late : ReceiveActor
    {
        public Late() => ReceiveAny(_ => Receive<string>(_ => { }));
    }

    private sealed class AfterAny : ReceiveActor
    {
        public AfterAny()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    [Fact]
    public void Receive_OutsideOfTheConstructor_Throws()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Late()));
        EventFilter.Exception<InvalidOperationException>(contains: "You may only call Receive-methods").ExpectOne(() => actor.Tell("x"));
    }

    [Fact]
    public void Receive_AfterACatchAll_Throws() =>
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Sys.ActorOf(Props.Create(() => new AfterAny())));

    private sealed class Around : ReceiveActor
    {
        public Around() => Receive<string>(m => Sender.Tell(m));

        protected override bool AroundReceive(Receive receive, object message) =>
            base.AroundReceive(receive, message is string text ? $"<{text}>" : message);
    }

    [Fact]
    public void AroundReceive_Override_StandsAroundEveryMessage()
    {
        Sys.ActorOf(Props.Create(() => new Around())).Tell("x", TestActor);
        ExpectMsg("<x>");
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace Engine.Tests.Actor;

public sealed class PropsTests : ActorTest
{
    private sealed class Holder : UntypedActor
    {
        private readonly object[] _values;

        public Holder() => _values = ["none"];

        public Holder(int number, string text) => _values = [number, text];

        public Holder(string text) => _values = [text];

        public Holder(object thing) => _values = ["object", thing];

        protected override void OnReceive(object message) => Sender.Tell(string.Join(",", _values));
    }

    private sealed class Plain : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell("plain");
    }

    private void Check(Props props, string expected)
    {
        Sys.ActorOf(props).Tell("?", TestActor);
        ExpectMsg(expected);
    }

    private static int Next(int[] calls) => ++calls[0];

    private static Holder Make() => null!;

    [Fact]
    public void Create_ByExpression_EvaluatesArgumentsOnce()
    {
        int[] calls = [0];
        string text = "t";
        Props props = Props.Create(() => new Holder(Next(calls), text + "!"));
        text = "changed";
        Check(props, "1,t!");
        Check(props, "1,t!");
    }

    [Fact]
    public void Create_ByTypeAndArguments_FindsTheConstructor()
    {
        Check(Props.Create<Holder>(3, "x"), "3,x");
        Check(Props.Create(typeof(Holder), "x"), "x");
        Check(Props.Create(typeof(Holder), 1.5), "object,1.5");
        Check(Props.Create(typeof(Holder)), "none");
        Check(Props.Create<Plain>(), "plain");
    }

    [Fact]
    public void Create_NoSuchConstructor_FailsTheStart() =>
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Sys.ActorOf(Props.Create<Holder>(1, 2, 3)));

    [Fact]
    public void Create_NotANewExpression_Throws()
    {
        Should.Throw<ArgumentException>(() => Props.Create(() => Make()));
    }

    private sealed class Producer : IIndirectActorProducer
    {
        internal int Produced;
        internal int Released;

        public Type ActorType => typeof(Plain);

        public ActorBase Produce()
        {
            Interlocked.Increment(ref Produced);
            return new Plain();
        }

        public void Release(ActorBase actor) => Interlocked.Increment(ref Released);
    }

    [Fact]
    public async Task CreateBy_Producer_MakesAndTakesBack()
    {
        Producer producer = new();
        IActorRef actor = Sys.ActorOf(Props.CreateBy(producer));
        actor.Tell("?", TestActor);
        ExpectMsg("plain");
        await actor.GracefulStop(PuppetExtensions.Patience);
        producer.Produced.ShouldBe(1);
        AwaitCondition(() => producer.Released == 1);
    }

    [Fact]
    public void Props_AreImmutable()
    {
        Props props = Props.Create(() => new Plain());
        Props other = props.WithDispatcher("other");
        props.Dispatcher.ShouldBe("akka.actor.default-dispatcher");
        other.Dispatcher.ShouldBe("other");
        other.ShouldNotBe(props);
        props.WithDispatcher(props.Dispatcher).ShouldBe(props);
    }

    [Fact]
    public void UnknownDispatcher_Throws()
    {
        Should.Throw<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Plain()).WithDispatcher("none"), "name"));
        // The name is free again.
        Sys.ActorOf(Props.Create(() => new Plain()), "name");
    }
}

using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.TestActors;
using Xunit.Abstractions;

namespace Engine.Tests.TestKit;

public class TestKitTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Tell_WithoutSender_IsSentByTheTestActor()
    {
        IActorRef echo = ActorOf(EchoActor.Props(this));
        TestProbe probe = CreateTestProbe();

        echo.Tell("mine");
        ExpectMsg("mine");
        LastSender.ShouldBe(TestActor);
        probe.Send(echo, "the probe's");
        probe.ExpectMsg("the probe's");
        ExpectMsgFrom(probe.Ref, "the probe's");
    }

    [Fact]
    public async Task Tell_AfterAnAwait_IsStillSentByTheTestActor()
    {
        IActorRef echo = ActorOf(EchoActor.Props(this));
        await Task.Yield();
        echo.Tell("1");
        await ExpectMsgAsync("1");
        await Task.Run(() => { });
        echo.Tell("2");
        await ExpectMsgAsync("2");

        LastSender.ShouldBe(TestActor);
    }

    [Fact]
    public void TestActorRef_HandlesMessagesAtOnce()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>("counter");

        counter.Tell(2);
        counter.Tell(3);

        counter.UnderlyingActor.Sum.ShouldBe(5);
        counter.Path.Name.ShouldBe("counter");
        counter.Path.Parent.ShouldBe(((ExtendedActorSystem)Sys).Guardian.Path);
    }

    [Fact]
    public void TestActorRef_Receive_ThrowsWhatTheActorThrows()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef(() => new Counter());

        counter.Receive(7);

        counter.UnderlyingActor.Sum.ShouldBe(7);
        Should.Throw<DivideByZeroException>(() => counter.Receive("crash"));
    }

    [Fact]
    public void TestActorRef_Crash_IsRestartedByItsSupervisor()
    {
        TestActorRef<Counter> counter = ActorOfAsTestActorRef<Counter>();
        Counter before = counter.UnderlyingActor;
        counter.Tell(2);

        EventFilter.Exception<DivideByZeroException>().ExpectOne(() => counter.Tell("crash"));

        // Its supervisor is on another thread, and between two instances there is none.
        AwaitAssert(() => counter.UnderlyingActor.ShouldNotBeSameAs(before));
        counter.UnderlyingActor.Sum.ShouldBe(0);
    }

    [Fact]
    public void TestActorRef_WithParent_IsItsChild()
    {
        TestActorRef<Counter> parent = ActorOfAsTestActorRef<Counter>("parent");

        TestActorRef<Counter> child = ActorOfAsTestActorRef<Counter>(Props.Create<Counter>(), parent, "child");

        child.Path.ToString().ShouldBe("akka://test/user/parent/child");
        parent.Equals(parent.Ref).ShouldBeTrue();
    }

    [Fact]
    public void TestActors_DoWhatTheyAreCalled()
    {
        TestProbe target = CreateTestProbe();
        IActorRef forwarder = ActorOf(ForwardActor.Props(target));
        ActorOf(BlackHoleActor.Props).Tell("swallowed");

        forwarder.Tell("through");

        target.ExpectMsgFrom(TestActor, "through");
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void Config_OverridesTheDefaults()
    {
        using Akka.TestKit.Xunit2.TestKit kit = new((Config)"akka.loglevel = WARNING", "named");

        kit.Sys.Name.ShouldBe("named");
        kit.Sys.Settings.LogLevel.ShouldBe("WARNING");
        kit.Sys.Settings.Config.GetStringList("akka.loggers").ShouldHaveSingleItem().ShouldStartWith("Akka.TestKit.TestEventListener");
    }

    [Fact]
    public void ExistingSystem_IsUsedAndEndsWithTheKit()
    {
        ActorSystem system = ActorSystem.Create("existing");

        using (Akka.TestKit.Xunit2.TestKit kit = new(system))
        {
            kit.Sys.ShouldBeSameAs(system);
            kit.TestActor.Tell("x");
            kit.ExpectMsg("x");
        }

        system.WhenTerminated.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Shutdown_SystemThatDoesNotEnd_NamesTheActor()
    {
        using ManualResetEventSlim gate = new();
        Akka.TestKit.Xunit2.TestKit kit = new("akka.loglevel = OFF");
        kit.Sys.ActorOf(Props.Create(() => new Clinging(gate)), "clinging");

        string message = Should.Throw<TimeoutException>(() => kit.Shutdown(TimeSpan.FromMilliseconds(50), verifySystemShutdown: true)).Message;

        message.ShouldStartWith("actor system 'test' did not terminate within 50 ms; still alive: ");
        message.ShouldContain("akka://test/user/clinging");
        gate.Set();
        kit.Dispose();
    }

    [Fact]
    public void Output_GetsTheLog()
    {
        Recorder output = new();
        using (Akka.TestKit.Xunit2.TestKit kit = new("akka.loglevel = INFO", output))
        {
            kit.Log.Info("for the record");

            kit.AwaitCondition(() => output.Lines.Any(line => line.Contains("for the record")));
        }
    }

    [Fact]
    public void UnreadMessages_OfAStoppedTestActor_AreDeadLetters()
    {
        TestProbe probe = CreateTestProbe();
        probe.Ref.Tell("unread");

        EventFilter.DeadLetter<string>(text => text == "unread").ExpectOne(() => Sys.Stop(probe.Ref));
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter()
        {
            Receive<int>(n => Sum += n);
            Receive<string>(_ => throw new DivideByZeroException());
        }

        public int Sum { get; private set; }
    }

    private sealed class Clinging(ManualResetEventSlim gate) : ReceiveActor
    {
        protected override void PostStop() => gate.Wait();
    }

    private sealed class Recorder : ITestOutputHelper
    {
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                {
                    return [.. lines];
                }
            }
        }

        public void WriteLine(string message)
        {
            lock (lines)
            {
                lines.Add(message);
            }
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}

/// <summary>A test without implicit sender.</summary>
public class NoImplicitSenderTests : Akka.TestKit.Xunit2.TestKit, INoImplicitSender
{
    [Fact]
    public void Tell_WithoutSender_HasNone()
    {
        TestActor.Tell("x");

        ExpectMsg("x");
        LastSender.ShouldBe(Sys.DeadLetters);
    }
}

using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using Akka.TestKit;

namespace Engine.Tests.Pattern;

public sealed class BackoffSupervisorTests() : EngineTest(ConfigurationFactory.ParseString(
    "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""))
{
    private sealed class Child : UntypedActor
    {
        private readonly IActorRef _listener;

        public Child(IActorRef listener) => _listener = listener;

        protected override void PreStart() => _listener.Tell("started");

        protected override void OnReceive(object message)
        {
            if (message is "stop") { Context.Stop(Self); }
            else { Sender.Tell(message); }
        }
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Child_ThatStops_StartsAgainEachTimeLater()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff
            .OnStop(Props.Create(() => new Child(TestActor)), "child", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0)
            .WithManualReset()
            .WithReplyWhileStopped("down")));
        ExpectMsg("started");
        supervisor.Tell("hello");
        ExpectMsg("hello");
        foreach (int seconds in new[] { 1, 2, 4 })
        {
            supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
            Watch(ExpectMsg<BackoffSupervisor.CurrentChild>().Ref);
            supervisor.Tell("stop");
            ExpectMsg<Terminated>();
            AwaitCondition(() =>
            {
                supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
                return ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.IsNobody();
            });
            Time.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            supervisor.Tell("hello");
            ExpectMsg("down");
            Time.Advance(TimeSpan.FromSeconds(0.5));
            ExpectMsg("started");
        }
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(3, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
    }
}

using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Plays.Members;

namespace AkkaLb.Agents.Tests.Plays;

/// <summary>A node that cannot read a run says why to who waits for its agents.</summary>
public sealed class CannotHostTests : TestKit
{
    private const string Reason = "the run cannot be kept: no space left on device";

    [Fact]
    public void Relay_TellsTheNetworkAfterSomeTimes()
    {
        int loads = 0;
        IActorRef relay = Sys.ActorOf(RelayActor.Props(
            new Runs(() => ++loads <= 5 ? new TimeoutException("the database is away") : new CannotHostException(Reason)),
            Address.Parse("akka.tcp://akkalb@host:1")));
        LinkAgentEvents.LinkAgentFailed? failed = null;
        AwaitCondition(
            () =>
            {
                relay.Tell(new RelayCommands.Attach("run", 1), TestActor);
                return (failed = ReceiveOne(TimeSpan.FromMilliseconds(10)) as LinkAgentEvents.LinkAgentFailed) is not null;
            },
            TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1));
        failed!.Reason.ShouldBe($"akka.tcp://akkalb@host:1: {Reason}");
        // A database that is away is waited for; a disk may have room again at the next look.
        loads.ShouldBeGreaterThanOrEqualTo(5 + 50);
    }

    [Fact]
    public void Member_TellsThePlay()
    {
        Runs runs = new(() => new CannotHostException(Reason, new IOException()));
        IActorRef member = Sys.ActorOf(PlayMember.Props(runs, ActorRefs.Nobody));
        member.Tell(new ToMember("run", "player-1", 1, new BeginMember(new Plan())), TestActor);
        ExpectMsg<MemberFailed>().Reason.ShouldEndWith($": {Reason}");
    }

    private sealed class Runs(Func<Exception> fail) : ILinkAgentRuns, IPlayRuns
    {
        public Task<LinkAgentRun> LoadAsync(string run) => Task.FromException<LinkAgentRun>(fail());

        Task<PlayRun> IPlayRuns.LoadAsync(string run) => Task.FromException<PlayRun>(fail());
    }

    private sealed class Plan : IMemberPlan
    {
        public Props MakeProps(MemberPlace place) => Props.Empty;
    }
}

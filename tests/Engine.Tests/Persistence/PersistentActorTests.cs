using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace Engine.Tests.Persistence;

public sealed class PersistentActorTests() : EngineTest(ConfigurationFactory.ParseString("""
    akka.persistence {
      journal.plugin = "test.journal"
      snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
      max-concurrent-recoveries = 2
    }
    test.journal { class = "Engine.Tests.Persistence.MoodyJournal, Engine.Tests", plugin-dispatcher = "akka.actor.default-dispatcher" }
    """))
{
    private IActorRef Start(string id = "a", Recovery? recovery = null) => Sys.ActorOf(Props.Create(() => new Counter(id, TestActor, recovery)));

    private IActorRef StartEmpty(string id = "a")
    {
        IActorRef actor = Start(id);
        ExpectMsg("recovered  last 0 recovering False");
        return actor;
    }

    private void End(IActorRef actor)
    {
        Watch(actor);
        actor.Tell("stop");
        ExpectTerminated(actor);
    }

    private void Expect(params object[] messages)
    {
        foreach (object message in messages) { ExpectMsg(message); }
    }

    private void TellJournal(string what)
    {
        Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("").Tell(what, TestActor);
        ExpectMsg("done");
    }

    [Fact]
    public void Persist_StoredEvents_AreRecoveredInOrder()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(1);
        actor.Tell(new[] { 2, 3 });
        actor.Tell(new Counter.Later(4));
        Expect(1, 2, 3, "later", 4);
        End(actor);
        Start();
        ExpectMsg("recovered 1,2,3,4 last 4 recovering False");
    }

    [Fact]
    public void Persist_CommandsThatComeMeanwhile_WaitInTheirOrder()
    {
        IActorRef actor = StartEmpty();
        TellJournal("hold");
        actor.Tell(1);
        actor.Tell("seen");
        actor.Tell(2);
        actor.Tell("seen");
        ExpectNoMsg(Silence);
        TellJournal("go");
        Expect(1, "1", 2, "1,2");
    }

    [Fact]
    public void PersistAsync_CommandsThatComeMeanwhile_DoNotWait()
    {
        IActorRef actor = StartEmpty();
        TellJournal("hold");
        actor.Tell(new Counter.Later(1));
        actor.Tell("seen");
        Expect("later", "");
        TellJournal("go");
        ExpectMsg(1);
    }

    [Fact]
    public void DeferAsync_RunsAfterTheEventsBeforeAndStoresNothing()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(new Counter.Deferred(1));
        Expect(1, "deferred");
        End(actor);
        Start();
        ExpectMsg("recovered 1 last 1 recovering False");
    }

    [Fact]
    public void Persist_InAHandler_ComesBeforeTheNextCommand()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(new Counter.Nested(1));
        actor.Tell("seen");
        Expect(1, 2, "1,2");
    }

    [Fact]
    public void CommandAsync_EventsAreStoredAtItsEndBeforeTheNextCommand()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(new Counter.Slow(1));
        actor.Tell("seen");
        Expect(1, "1");
    }

    [Fact]
    public void Rejected_TheActorGoesOnWithoutTheEvent()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(13);
        actor.Tell(1);
        Expect("rejected 13 at 1: unlucky", 1);
    }

    [Fact]
    public void Failure_StopsTheActor()
    {
        IActorRef actor = Watch(StartEmpty());
        actor.Tell(66);
        ExpectMsg("failed 66 at 1: disk on fire");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Restart_RecoversAndKeepsTheMailbox()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(1);
        ExpectMsg(1);
        actor.Tell("fail");
        actor.Tell(2);
        Expect("recovered 1 last 1 recovering False", 2);
    }

    [Fact]
    public void Snapshot_IsOfferedBeforeTheEventsAfterIt()
    {
        IActorRef actor = StartEmpty();
        actor.Tell(1);
        actor.Tell("snapshot");
        ExpectMsg(1);
        Assert.Equal(1, ExpectMsg<SaveSnapshotSuccess>().Metadata.SequenceNr);
        actor.Tell(2);
        actor.Tell(new Counter.DeleteTo(1));
        ExpectMsg(2);
        Assert.Equal(1, ExpectMsg<DeleteMessagesSuccess>().ToSequenceNr);
        End(actor);
        Start();
        ExpectMsg("recovered 1,2 last 2 recovering False");
        Start(recovery: new Recovery(SnapshotSelectionCriteria.None));
        ExpectMsg("recovered 2 last 2 recovering False");
    }

    [Fact]
    public void DeleteMessages_BeyondTheLastEvent_Fails()
    {
        StartEmpty().Tell(new Counter.DeleteTo(5));
        Assert.Contains("less than or equal", ExpectMsg<DeleteMessagesFailure>().Cause.Message);
    }

    [Theory]
    [InlineData(2, long.MaxValue, "1,2")]
    [InlineData(long.MaxValue, 1, "1")]
    [InlineData(0, 0, "")]
    public void Recovery_Bounds_LimitTheEventsButNotTheSequenceNumber(long to, long max, string expected)
    {
        IActorRef actor = StartEmpty();
        actor.Tell(new[] { 1, 2, 3 });
        Expect(1, 2, 3);
        End(actor);
        Start(recovery: new Recovery(SnapshotSelectionCriteria.Latest, to, max));
        ExpectMsg($"recovered {expected} last 3 recovering False");
    }

    [Fact]
    public void RecoveryFailure_StopsTheActor()
    {
        IActorRef actor = Watch(Start("unreadable"));
        ExpectMsg("no recovery: unreadable");
        ExpectTerminated(actor);
    }

    [Fact]
    public void RecoveryPermits_AreReturnedByActorsThatRecoverAndByActorsThatDoNot()
    {
        for (int i = 0; i < 4; i++)
        {
            Start("unreadable");
            ExpectMsg("no recovery: unreadable");
        }
        for (int i = 0; i < 10; i++) { StartEmpty($"actor-{i}"); }
    }
}

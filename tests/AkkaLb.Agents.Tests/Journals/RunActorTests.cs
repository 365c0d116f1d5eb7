using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Tests.Serialization;

namespace AkkaLb.Agents.Tests.Journals;

public sealed class RunActorTests() : Akka.TestKit.Xunit2.TestKit(
    """
    akka {
      loglevel = OFF, stdout-loglevel = OFF, loggers = []
      test.single-expect-default = 20s
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    """ + WireBindings.Hocon)
{
    private IActorRef Start()
    {
        IActorRef tester = TestActor;
        return Sys.ActorOf(RunActor.Props(new AgentJournal("", 1000, e => e.Message, reason => tester.Tell(reason))));
    }

    private void Store(IActorRef run, params IJournalEvent[] events)
    {
        foreach (IJournalEvent happened in events)
        {
            run.Tell(new RunCommands.Record(happened));
        }
        run.Tell(RunCommands.Settle.Instance);
        ExpectMsg<RunCommands.Settled>();
    }

    private static async Task End(IActorRef run) => (await run.GracefulStop(TimeSpan.FromSeconds(20))).ShouldBeTrue();

    private static RunEvents.EpisodeFinished Finished(int episode, double phi) => new(episode, phi, phi, 0.5, 0);

    [Fact]
    public void Unserialised_WithoutBindings_NamesEveryType()
    {
        using ActorSystem bare = ActorSystem.Create("bare", "akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }");
        JournalSerializer.Unserialised(bare).ShouldBe(JournalFormat.Types, ignoreOrder: true);
        JournalSerializer.Unserialised(Sys).ShouldBeEmpty();
    }

    [Fact]
    public void Settle_WithoutEvents_IsAnsweredAtOnce() => Store(Start());

    [Fact]
    public async Task Record_SameAgainAfterARestart_IsComparedAndWhatIsNewIsStored()
    {
        IActorRef first = Start();
        for (int episode = 0; episode < 5; episode++)
        {
            Store(first, Finished(episode, episode * 1.5));
        }
        await End(first);
        IActorRef second = Start();
        // From its checkpoint on, a resumed run finishes episodes 3 and 4 again.
        Store(second, Finished(3, 4.5), Finished(4, 6), Finished(5, 7.5));
        await End(second);
        IActorRef third = Start();
        third.Tell(new RunCommands.Record(Finished(5, 7.5)));
        third.Tell(new RunCommands.Record(Finished(2, 3.5)));
        ExpectMsg<string>().ShouldBe("run: episode-finished/1 2 differs from the one in the journal");
    }

    [Fact]
    public void Record_AfterAGap_Fails()
    {
        IActorRef run = Start();
        Store(run, Finished(0, 1));
        run.Tell(new RunCommands.Record(Finished(2, 1)));
        ExpectMsg<string>().ShouldBe("run: episode-finished/1 2 comes after 1 such events: the journal has a gap, put back a sound copy");
    }

    [Fact]
    public async Task Record_EventsWithoutNumber_AreStoredEveryTime()
    {
        IActorRef run = Start();
        Store(run, new RunEvents.RunResumed(1), new RunEvents.RunResumed(1), Finished(0, 1));
        await End(run);
        IActorRef again = Start();
        Store(again, new RunEvents.RunResumed(2), Finished(1, 1));
        await End(again);
        Sys.ActorOf(JournalReaderActor.Props(new AgentJournal("", 1, e => e.Message, _ => { }),
            RunEvents.Agent)).Tell(JournalReaderActor.Report);
        ExpectMsg<JournalReaderActor.EventsReported>().Events.Count.ShouldBe(5);
    }
}

using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.LinkAgents;

namespace AkkaLb.Agents.Tests.Journals;

public class JournalsActorTests() : Akka.TestKit.Xunit2.TestKit("""
    akka {
      loglevel = OFF, stdout-loglevel = OFF, loggers = []
      test.single-expect-default = 20s
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    """)
{
    private IActorRef Journals(int snapshotEvery = 1000)
    {
        IActorRef watcher = TestActor;
        return Sys.ActorOf(JournalsActor.Props("", snapshotEvery, e => e.Message, watcher.Tell));
    }

    private void Store(IActorRef journals, params IJournalEvent[] events)
    {
        foreach (IJournalEvent happened in events)
        {
            journals.Tell(new JournalCommands.Store("link-0", happened));
        }
        journals.Tell(JournalCommands.Settle.Instance);
        ExpectMsg<JournalEvents.Settled>();
    }

    private async Task End(IActorRef journals) => (await journals.GracefulStop(TimeSpan.FromSeconds(20))).ShouldBeTrue();

    private static LinkAgentJournal.WeightsDecided Decided(int episode, double weight) => new(episode, 0, [weight]);

    [Fact]
    public void Unserialised_WithoutBindings_NamesEveryType()
    {
        JournalSerializer.Unserialised(Sys).ShouldBe(JournalFormat.Types, ignoreOrder: true);
        using ActorSystem bound = ActorSystem.Create("bound", $$"""
            akka {
              loglevel = OFF, stdout-loglevel = OFF, loggers = []
              actor {
                serializers.akkalb-journal = "{{typeof(JournalSerializer).AssemblyQualifiedName}}"
                serialization-bindings { "{{typeof(IJournalEvent).AssemblyQualifiedName}}" = akkalb-journal }
              }
            }
            """);
        JournalSerializer.Unserialised(bound).ShouldBe([typeof(EventBlock), typeof(AgentJournalSnapshot)]);
    }

    [Fact]
    public void Settle_WithoutAgents_IsAnsweredAtOnce()
    {
        Journals().Tell(JournalCommands.Settle.Instance);
        ExpectMsg<JournalEvents.Settled>();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public async Task Store_SameAgainAfterARestart_IsComparedAndWhatIsNewIsStored(int snapshotEvery)
    {
        IActorRef first = Journals(snapshotEvery);
        for (int episode = 0; episode < 5; episode++)
        {
            Store(first, Decided(episode, episode * 1.5));
        }
        await End(first);
        IActorRef second = Journals(snapshotEvery);
        // From its checkpoint on, a resumed run decides episodes 3 and 4 again.
        Store(second, Decided(3, 4.5), Decided(4, 6), Decided(5, 7.5));
        await End(second);
        IActorRef third = Journals(snapshotEvery);
        third.Tell(new JournalCommands.Store("link-0", Decided(5, 7.5)));
        third.Tell(new JournalCommands.Store("link-0", Decided(2, 3.5)));
        ExpectMsg<string>().ShouldBe("link-0: weights-decided/1 2 differs from the one in the journal");
    }

    [Fact]
    public void Store_AfterAGap_FailsOnceAndForAllWhoSettle()
    {
        IActorRef journals = Journals();
        Store(journals, Decided(0, 1));
        journals.Tell(new JournalCommands.Store("link-0", Decided(2, 1)));
        ExpectMsg<string>().ShouldBe("link-0: weights-decided/1 2 comes after 1 such events: the journal has a gap");
        journals.Tell(new JournalCommands.Store("link-0", Decided(3, 1)));
        journals.Tell(JournalCommands.Settle.Instance);
        ExpectMsg<JournalEvents.JournalFailed>().Reason.ShouldContain("weights-decided/1 2");
    }

    [Fact]
    public async Task Store_EventsWithoutNumber_AreStoredEveryTime()
    {
        IActorRef journals = Journals();
        Store(journals, new RunEvents.RunResumed(1), new RunEvents.RunResumed(1), Decided(0, 1));
        await End(journals);
        Store(Journals(), new RunEvents.RunResumed(2), Decided(1, 1));
    }
}

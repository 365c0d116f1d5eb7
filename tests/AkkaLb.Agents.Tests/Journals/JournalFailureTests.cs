using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Tests.Serialization;

namespace AkkaLb.Agents.Tests.Journals;

/// <summary>Agents whose journal takes nothing.</summary>
public sealed class JournalFailureTests() : Akka.TestKit.Xunit2.TestKit(
    $$"""
    akka {
      loglevel = OFF
      stdout-loglevel = OFF
      loggers = []
      test.single-expect-default = 20s
      persistence.journal.plugin = "refusing-journal"
      persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    }
    refusing-journal {
      class = "{{typeof(RefusingJournal).AssemblyQualifiedName}}"
      plugin-dispatcher = "akka.actor.default-dispatcher"
    }
    """ + WireBindings.Hocon + "akka.actor.serialize-messages = off")
{
    /// <summary>To Akka.NET an actor whose event was refused may go on; ours counts the event already.</summary>
    [Fact]
    public void Record_JournalRefusesTheEvent_EndsTheAgentWhichSaysWhy()
    {
        IActorRef tester = TestActor;
        IActorRef run = Sys.ActorOf(RunActor.Props(new AgentJournal("", 1000, e => e.Message, reason => tester.Tell(reason))));
        Watch(run);
        run.Tell(new RunCommands.Record(new RunEvents.RunStarted("name", "method", 1)));
        run.Tell(RunCommands.Settle.Instance);
        ExpectMsg<string>().ShouldBe("run: as told");
        ExpectTerminated(run);
    }

    public sealed class RefusingJournal : MemoryJournal
    {
        protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
            Task.FromResult<IImmutableList<Exception>>([.. messages.Select(_ => new InvalidOperationException("as told"))]);
    }
}

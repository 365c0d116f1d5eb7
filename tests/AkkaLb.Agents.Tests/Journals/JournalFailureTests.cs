using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Tests.Journals;

/// <summary>Agents whose journal takes nothing.</summary>
public sealed class JournalFailureTests : OwnJournalTest<JournalFailureTests.RefusingJournal>
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

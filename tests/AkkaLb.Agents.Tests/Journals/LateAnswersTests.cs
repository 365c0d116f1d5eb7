using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Tests.Journals;

/// <summary>What a snapshot store answers an agent that has crashed meanwhile, its successor gets.</summary>
public sealed class LateAnswersTests : OwnJournalTest<LateAnswersTests.HeldJournal>
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    [Fact]
    public void Settle_AfterAnAnswerToAnEarlierLife_WaitsForTheEvents()
    {
        IActorRef run = Sys.ActorOf(RunActor.Props(new AgentJournal("", 1000, e => e.Message, _ => { })));
        // It has recovered then.
        run.Tell(RunCommands.Settle.Instance);
        ExpectMsg<RunCommands.Settled>();
        run.Tell(new DeleteSnapshotsSuccess(new SnapshotSelectionCriteria(1)));
        run.Tell(new RunCommands.Record(new RunEvents.RunStarted("name", "method", 1)));
        run.Tell(RunCommands.Settle.Instance);
        ExpectNoMsg(Moment);
        HeldJournal.Gate.SetResult();
        ExpectMsg<RunCommands.Settled>();
    }

    public sealed class HeldJournal : MemoryJournal
    {
        public static readonly TaskCompletionSource Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
        {
            await Gate.Task;
            return await base.WriteMessagesAsync(messages, cancellationToken);
        }
    }
}

using Akka.Actor;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Experiments;

/// <summary>
/// The run itself as an agent, of all families: its start, episodes, checkpoints and end are its events (<see cref="RunEvents"/>).
/// </summary>
/// <remarks>Events are stored when somebody waits for them, and else within a second: whoever looks on sees how far the run is.</remarks>
public sealed class RunActor : JournalledActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public RunActor(AgentJournal journal)
        : base(journal, RunEvents.Agent)
    {
        Command<RunCommands.Record>(record =>
        {
            Store(record.Event);
            if (record.Event is RunEvents.CheckpointWritten)
            {
                // From there the run goes on.
                KeepSnapshot();
            }
            if (!Timers.IsTimerActive(WriteNow.Instance))
            {
                Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, Patience);
            }
        });
        Command<RunCommands.Settle>(_ =>
        {
            IActorRef asker = Sender;
            WhenStored(() => asker.Tell(RunCommands.Settled.Instance));
        });
        Command<WriteNow>(_ => WriteWaiting());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AgentJournal journal) => Akka.Actor.Props.Create(() => new RunActor(journal));

    private sealed class WriteNow : INotInfluenceReceiveTimeout
    {
        public static WriteNow Instance { get; } = new();
    }
}

using Akka.Actor;
using Akka.Persistence;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Tests.Journals;

/// <summary>Reports the events of an agent that has stopped, or that stores nothing meanwhile.</summary>
internal sealed class JournalReaderActor : ReceivePersistentActor
{
    public static readonly ReportEvents Report = new();

    private readonly List<IJournalEvent> _events = [];

    public JournalReaderActor(AgentJournal journal, string agent)
    {
        PersistenceId = journal.Prefix + agent;
        Recover<EventBlock>(block => _events.AddRange(block.Events.Select(e => e.Decode())));
        Command<ReportEvents>(_ => Sender.Tell(new EventsReported(_events)));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props(AgentJournal journal, string agent) => Akka.Actor.Props.Create(() => new JournalReaderActor(journal, agent));

    public sealed record ReportEvents : INoSerializationVerificationNeeded;

    public sealed record EventsReported(IReadOnlyList<IJournalEvent> Events) : INoSerializationVerificationNeeded;
}

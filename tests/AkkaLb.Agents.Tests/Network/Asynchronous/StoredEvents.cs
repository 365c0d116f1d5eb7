using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

/// <summary>Reads all events of an agent in a test's journal.</summary>
internal static class StoredEvents
{
    /// <summary>Manifests and bytes.</summary>
    public static List<(string Manifest, string Bytes)> Of(TestKit kit, string persistenceId)
    {
        IActorRef reading = kit.Sys.ActorOf(Props.Create(() => new Reader(persistenceId, kit.TestActor)));
        List<EncodedEvent> events = kit.ExpectMsg<Found>(AsynchronousRuns.Patience).Events;
        kit.Sys.Stop(reading);
        return [.. events.Select(e => (e.Manifest, Convert.ToHexStringLower(e.Bytes)))];
    }

    private sealed record Found(List<EncodedEvent> Events) : INoSerializationVerificationNeeded;

    private sealed class Reader : ReceivePersistentActor
    {
        private readonly List<EncodedEvent> _events = [];

        public Reader(string persistenceId, IActorRef asker)
        {
            PersistenceId = persistenceId;
            Recover<EventBlock>(block => _events.AddRange(block.Events));
            Recover<RecoveryCompleted>(_ => asker.Tell(new Found(_events)));
            CommandAny(_ => { });
        }

        public override string PersistenceId { get; }

        // All events, whatever snapshots there are.
        public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);
    }
}

using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Engine;

namespace Akka.Persistence.Journal;

/// <summary>The base of journals: applies the event adapters.</summary>
public abstract class WriteJournalBase : ActorBase
{
    private readonly EventAdapters _adapters = PluginProducer.Current.Adapters;

    /// <summary>The atomic writes among what an actor hands over, as they are stored.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        foreach (IPersistentEnvelope envelope in resequenceables)
        {
            if (envelope is not AtomicWrite write) { continue; }
            yield return write.Size == 1
                ? new AtomicWrite(Prepare(write.Events[0]))
                : new AtomicWrite(write.Events.Select(Prepare).ToImmutableArray());
        }
    }

    /// <summary>The events that a stored one stands for.</summary>
    protected IEnumerable<IPersistentRepresentation> AdaptFromJournal(IPersistentRepresentation representation)
    {
        IEventAdapter adapter = _adapters.Get(representation.Payload.GetType());
        return ReferenceEquals(adapter, IdentityEventAdapter.Instance)
            ? [representation]
            : adapter.FromJournal(representation.Payload, representation.Manifest).Events.Select(representation.WithPayload);
    }

    /// <summary>An event as it is stored.</summary>
    protected IPersistentRepresentation AdaptToJournal(IPersistentRepresentation representation)
    {
        object payload = representation.Payload;
        IEventAdapter adapter = _adapters.Get(payload.GetType());
        // Without an adapter a manifest that somebody has set is kept.
        return ReferenceEquals(adapter, IdentityEventAdapter.Instance)
            ? representation
            : representation.WithPayload(adapter.ToJournal(payload)).WithManifest(adapter.Manifest(payload));
    }

    private IPersistentRepresentation Prepare(IPersistentRepresentation representation)
    {
        IPersistentRepresentation adapted = AdaptToJournal(representation);
        return adapted.Update(adapted.SequenceNr, adapted.PersistenceId, adapted.IsDeleted, ActorRefs.NoSender, adapted.WriterGuid);
    }
}

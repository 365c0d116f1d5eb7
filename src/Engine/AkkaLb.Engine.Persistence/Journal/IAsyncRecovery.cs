using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Reads the events of an actor.</summary>
public interface IAsyncRecovery
{
    /// <summary>Calls back for each event in the order of sequence numbers, both bounds included, at most <paramref name="max"/> of them.</summary>
    Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest sequence number of an actor, deleted events included; 0 without any.</summary>
    /// <param name="persistenceId">The actor.</param>
    /// <param name="fromSequenceNr">A sequence number that is known to be stored or 0.</param>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}

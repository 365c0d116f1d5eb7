using Akka.Persistence;

namespace AkkaLb.Engine;

/// <summary>A snapshot as its row in the store.</summary>
/// <param name="PersistenceId">The actor.</param>
/// <param name="SequenceNumber">The event up to which it holds.</param>
/// <param name="Created">Ticks of UTC.</param>
/// <param name="Snapshot">Bytes of the serialiser.</param>
/// <param name="Manifest">What the serialiser needs to read them.</param>
/// <param name="Identifier">The serialiser.</param>
internal sealed record SnapshotRow(string PersistenceId, long SequenceNumber, long Created, byte[] Snapshot, string Manifest, int Identifier);

/// <summary>The table of a snapshot store; one call at a time.</summary>
internal abstract class SnapshotTable : IDisposable
{
    /// <summary>The columns of the table.</summary>
    protected static string[] Columns { get; } = ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"];

    /// <summary>The file or server, for errors.</summary>
    internal abstract string Name { get; }

    /// <summary>The latest that meets the criteria; null when there is none.</summary>
    internal abstract SnapshotRow? Load(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Stores a snapshot; one of the same sequence number is replaced.</summary>
    internal abstract void Save(SnapshotRow row);

    internal abstract void Delete(string persistenceId, SnapshotSelectionCriteria criteria);

    public abstract void Dispose();
}

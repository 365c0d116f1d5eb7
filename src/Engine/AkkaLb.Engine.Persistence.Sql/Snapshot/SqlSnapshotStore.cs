using Akka.Configuration;
using Akka.Persistence.Snapshot;
using Akka.Serialization;
using AkkaLb.Engine;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>Snapshots in a SQL database, in the table of Akka.Persistence.Sql's default mapping.</summary>
public class SqlSnapshotStore : SnapshotStore
{
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly Func<SnapshotTable> _open;
    // Waits without a thread: many actors may ask at once.
    private readonly SemaphoreSlim _gate = new(1);
    private SnapshotTable? _table;

    /// <summary>Reads the section of the store; the database is opened at the first use, and again when that failed.</summary>
    public SqlSnapshotStore(Config snapshotConfig)
    {
        Config config = snapshotConfig.WithFallback(SqlPersistence.DefaultSnapshotConfiguration);
        _open = SqlProvider.Choose<Func<SnapshotTable>>(config, SqlPersistence.SnapshotStoreConfigPath, settings => () => new SqliteSnapshotTable(settings), settings => () => new PostgresSnapshotTable(settings));
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _gate.Wait();
        _table?.Dispose();
    }

    /// <inheritdoc />
    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Use<SelectedSnapshot>(table =>
        table.Load(persistenceId, criteria) is { } row
            ? new SelectedSnapshot(new SnapshotMetadata(persistenceId, row.SequenceNumber, new DateTime(row.Created, DateTimeKind.Utc)), Snapshot(table, row))
            : null!);

    /// <inheritdoc />
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        Serializer serializer = _serialization.FindSerializerFor(snapshot);
        string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, snapshot);
        byte[] bytes = Akka.Serialization.Serialization.WithTransport(_serialization.System, () => serializer.ToBinary(snapshot));
        return Use(table =>
        {
            table.Save(new SnapshotRow(metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, bytes, manifest, serializer.Identifier));
            return true;
        });
    }

    /// <inheritdoc />
    protected override Task DeleteAsync(SnapshotMetadata metadata) => DeleteAsync(metadata.PersistenceId, metadata.Timestamp == DateTime.MinValue
        ? new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr)
        : new SnapshotSelectionCriteria(metadata.SequenceNr, metadata.Timestamp, metadata.SequenceNr, metadata.Timestamp));

    /// <inheritdoc />
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Use(table =>
    {
        table.Delete(persistenceId, criteria);
        return true;
    });

    private async Task<T> Use<T>(Func<SnapshotTable, T> action)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => action(_table ??= _open())).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private object Snapshot(SnapshotTable table, SnapshotRow row)
    {
        try
        {
            return _serialization.Deserialize(row.Snapshot, row.Identifier, row.Manifest);
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"{table.Name}: snapshot {row.SequenceNumber} of {row.PersistenceId} cannot be read: serializer {row.Identifier}, manifest '{row.Manifest}': {e.Message}", e);
        }
    }
}

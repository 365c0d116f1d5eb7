using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Serialization;
using AkkaLb.Engine;

namespace Akka.Persistence.Sql.Journal;

/// <summary>The journal in a SQL database, in the tables of Akka.Persistence.Sql's default mapping.</summary>
public class SqlWriteJournal : AsyncWriteJournal
{
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly ConcurrentDictionary<string, Task> _writing = new();
    private readonly Func<JournalStore> _open;
    private readonly Lock _gate = new();
    private JournalStore? _store;
    private bool _stopped;

    /// <summary>Reads the section of the journal; the database is opened at the first use, and again when that failed.</summary>
    public SqlWriteJournal(Config journalConfig)
    {
        Config config = journalConfig.WithFallback(SqlPersistence.DefaultJournalConfiguration);
        int parallelism = Positive(config, "parallelism");
        int batchSize = Positive(config, "replay-batch-size");
        _open = SqlProvider.Choose<Func<JournalStore>>(config, SqlPersistence.JournalConfigPath,
            settings => () => new SqliteJournal(settings, parallelism, batchSize), settings => () => new PostgresJournal(settings, parallelism, batchSize));
    }

    private JournalStore Store
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_stopped, this);
                return _store ??= _open();
            }
        }
    }

    /// <inheritdoc />
    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        // What an earlier incarnation handed over counts, however its write ends.
        if (_writing.TryGetValue(persistenceId, out Task? writing)) { await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
        return await Store.Highest(persistenceId).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) =>
        Store.Replay(persistenceId, fromSequenceNr, toSequenceNr, max, row => recoveryCallback(new Persistent(
            Event(row), row.SequenceNumber, row.PersistenceId, row.Manifest, writerGuid: row.Writer, timestamp: row.Created)));

    /// <inheritdoc />
    protected override void PostStop()
    {
        lock (_gate)
        {
            _stopped = true;
            _store?.Dispose();
        }
    }

    /// <inheritdoc />
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        List<JournalRow> rows = [];
        List<Exception?> refusals = [];
        string persistenceId = "";
        foreach (AtomicWrite write in messages)
        {
            persistenceId = write.PersistenceId;
            try
            {
                rows.AddRange(((IEnumerable<IPersistentRepresentation>)write.Payload).Select(Row).ToArray());
                refusals.Add(null);
            }
            catch (Exception e)
            {
                refusals.Add(e);
            }
        }
        if (rows.Count > 0)
        {
            Task writing = Store.Write(rows);
            _writing[persistenceId] = writing;
            try
            {
                await writing.ConfigureAwait(false);
            }
            finally
            {
                _writing.TryRemove(new(persistenceId, writing));
            }
        }
        return refusals.Exists(refusal => refusal is not null) ? refusals.ToImmutableList() : null;
    }

    /// <inheritdoc />
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => Store.Delete(persistenceId, toSequenceNr);

    private static int Positive(Config config, string key) => config.GetInt(key) is > 0 and int number
        ? number
        : throw new ConfigurationException($"{SqlPersistence.JournalConfigPath}.{key} = {config.GetString(key)}, expected at least 1");

    private JournalRow Row(IPersistentRepresentation persistent)
    {
        object payload = persistent.Payload;
        IReadOnlyCollection<string> tags = [];
        if (payload is Tagged tagged) { (payload, tags) = (tagged.Payload, tagged.Tags); }
        Serializer serializer = _serialization.FindSerializerFor(payload);
        string manifest = persistent.Manifest.Length > 0 ? persistent.Manifest : Akka.Serialization.Serialization.ManifestFor(serializer, payload);
        return new JournalRow(
            persistent.PersistenceId, persistent.SequenceNr, persistent.Timestamp > 0 ? persistent.Timestamp : SystemClock.UtcNow.Ticks,
            Akka.Serialization.Serialization.WithTransport(_serialization.System, () => serializer.ToBinary(payload)), manifest, serializer.Identifier, persistent.WriterGuid, tags);
    }

    private object Event(JournalRow row)
    {
        try
        {
            return _serialization.Deserialize(row.Message, row.Identifier, row.Manifest);
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"{Store.Name}: event {row.SequenceNumber} of {row.PersistenceId} cannot be read: serializer {row.Identifier}, manifest '{row.Manifest}': {e.Message}", e);
        }
    }
}

using System.Buffers.Binary;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Serialization;

namespace Engine.Tests.Persistence;

/// <summary>Systems that share a journal and a snapshot store, and an actor that sums numbers up.</summary>
public abstract class SqlJournalTest : IDisposable
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];

    protected string Folder { get; } = Directory.CreateTempSubdirectory("akkalb-journal-").FullName;

    protected string JournalFile => Path.Combine(Folder, "journal.db");

    /// <summary>The keys of the journal that differ from its reference.</summary>
    protected virtual string Journal => $"provider-name = \"SQLite.MS\", connection-string = \"Data Source={JournalFile};Default Timeout=1\"";

    protected virtual string Snapshots => $"provider-name = \"SQLite.MS\", connection-string = \"Data Source={Path.Combine(Folder, "snapshots.db")}\"";

    protected ActorSystem Start()
    {
        ActorSystem system = ActorSystem.Create("sql", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF, stdout-loglevel = OFF, loggers = []
              actor {
                serializers.sums = "Engine.Tests.Persistence.SqlJournalTest+Sums, Engine.Tests"
                serialization-bindings {
                  "Engine.Tests.Persistence.SqlJournalTest+Added, Engine.Tests" = sums
                  "Engine.Tests.Persistence.SqlJournalTest+Total, Engine.Tests" = sums
                }
              }
              persistence {
                journal { plugin = "akka.persistence.journal.sql", sql { {{Journal}} } }
                snapshot-store { plugin = "akka.persistence.snapshot-store.sql", sql { {{Snapshots}} } }
              }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration));
        _systems.Add(system);
        return system;
    }

    protected static async Task End(ActorSystem system) => await system.Terminate().WaitAsync(Patience);

    protected static (IActorRef Actor, Task<string> Recovered) Summer(ActorSystem system, string id)
    {
        TaskCompletionSource<string> recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (system.ActorOf(Props.Create(() => new SumActor(id, recovered))), recovered.Task.WaitAsync(Patience));
    }

    public virtual void Dispose()
    {
        foreach (ActorSystem system in _systems) { system.Terminate().Wait(Patience); }
        Directory.Delete(Folder, recursive: true);
    }

    public sealed record Added(int Number);

    public sealed record Total(long Sum, int Count);

    /// <summary>Events E1: an int32; snapshots S1: an int64 and an int32; little-endian.</summary>
    public sealed class Sums(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 9001;

        public override string Manifest(object o) => o is Added ? "E1" : "S1";

        public override byte[] ToBinary(object obj) => obj switch
        {
            Added added => BitConverter.GetBytes(added.Number),
            Total total => [.. BitConverter.GetBytes(total.Sum), .. BitConverter.GetBytes(total.Count)],
            _ => throw new ArgumentException($"{obj.GetType()}, expected Added or Total", nameof(obj)),
        };

        public override object FromBinary(byte[] bytes, string manifest) => manifest switch
        {
            "E1" => new Added(BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            "S1" => new Total(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8))),
            _ => throw new ArgumentException($"manifest '{manifest}', expected E1 or S1", nameof(manifest)),
        };
    }

    private sealed class SumActor : ReceivePersistentActor
    {
        private readonly TaskCompletionSource<string> _recovered;
        private long _sum;
        private int _count;
        private long _offered;
        private IActorRef _asker = ActorRefs.Nobody;

        public SumActor(string id, TaskCompletionSource<string> recovered)
        {
            PersistenceId = id;
            _recovered = recovered;
            Recover<Added>(Apply);
            Recover<SnapshotOffer>(offer =>
            {
                (_sum, _count) = (Total)offer.Snapshot;
                _offered = offer.Metadata.SequenceNr;
            });
            Recover<RecoveryCompleted>(_ => _recovered.TrySetResult($"sum {_sum} count {_count} offered {_offered} last {LastSequenceNr}"));
            Command<int>(number =>
            {
                _asker = Sender;
                Persist(new Added(number), added =>
                {
                    Apply(added);
                    Sender.Tell($"{_sum}");
                });
            });
            Command<string>(text => text == "snapshot", _ =>
            {
                _asker = Sender;
                SaveSnapshot(new Total(_sum, _count));
            });
            Command<string>(text => text == "delete", _ =>
            {
                _asker = Sender;
                DeleteMessages(LastSequenceNr);
            });
            Command<DeleteMessagesSuccess>(deleted => _asker.Tell($"deleted to {deleted.ToSequenceNr}"));
            Command<DeleteMessagesFailure>(failure => _asker.Tell(failure.Cause.Message));
            Command<string>(_ =>
            {
                _asker = Sender;
                Persist(TimeSpan.Zero, _ => { });
            });
            Command<SaveSnapshotSuccess>(_ => _asker.Tell("saved"));
            Command<SaveSnapshotFailure>(failure => _asker.Tell(failure.Cause.Message));
        }

        public override string PersistenceId { get; }

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _asker.Tell(cause.Message);

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _asker.Tell(cause.Message);

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => _recovered.TrySetResult($"failed: {reason.Message}");

        private void Apply(Added added)
        {
            _sum += added.Number;
            _count++;
        }
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Serialization;
using Engine.Tests.Persistence;

namespace Engine.Bench;

/// <summary>Rates of storing and recovering events: SQLite on disk and in memory, PostgreSQL on this machine.</summary>
internal static class Persistence
{
    private const int Actors = 96;
    private const int RecoveredActors = 1000, RecoveredEvents = 1000;

    internal static async Task Run()
    {
        string disk = Directory.CreateTempSubdirectory("akkalb-bench-").FullName, memory = Directory.Exists("/dev/shm") ? Directory.CreateDirectory($"/dev/shm/akkalb-bench-{Environment.ProcessId}").FullName : disk;
        try
        {
            await Storing("SQLite, durable", () => Sqlite(disk), 300, 200, ">= 60 x");
            await Storing("SQLite, file system in memory", () => Sqlite(memory), 5000, 5000, ">= 50,000/s");
            using (PostgresServer server = new())
            {
                if (server.Missing is { } reason) { Console.WriteLine($"PostgreSQL: skipped, {reason}"); }
                else { await Storing("PostgreSQL, durable", () => $"provider-name = \"PostgreSQL.15\", connection-string = \"{server.CreateDatabase()}\"", 300, 200, ">= 40 x"); }
            }
            await Recovering(Sqlite(memory));
        }
        finally
        {
            Directory.Delete(disk, recursive: true);
            if (Directory.Exists(memory)) { Directory.Delete(memory, recursive: true); }
        }
    }

    private static int _files;

    private static string Sqlite(string folder) => $"provider-name = \"SQLite.MS\", connection-string = \"Data Source={Path.Combine(folder, $"journal{_files++}.db")}\"";

    private static ActorSystem Start(string journal) => ActorSystem.Create("persistence", ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = ERROR, stdout-loglevel = ERROR
          actor {
            serializers.bench = "Engine.Bench.Persistence+Format, Engine.Bench"
            serialization-bindings { "Engine.Bench.Persistence+Decided, Engine.Bench" = bench }
          }
          persistence.journal { plugin = "akka.persistence.journal.sql", sql { {{journal}} } }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration));

    private static async Task Storing(string name, Func<string> journal, int sequential, int each, string target)
    {
        double one = 0;
        foreach ((int actors, int events) in new[] { (1, sequential), (Actors, each) })
        {
            string database = journal();
            ActorSystem system = Start(database);
            double[] latencies = new double[actors * events];
            IActorRef[] all = [.. Enumerable.Range(0, actors).Select(i => system.ActorOf(Props.Create(() => new Decider($"link-{i}", latencies, i * events, events))))];
            await Task.WhenAll(all.Select(a => a.Ask<string>(50)));
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(all.Select(a => a.Ask<string>(events)));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double cores = (Environment.CpuUsage.TotalTime - processor).TotalSeconds / seconds;
            await system.Terminate();
            double rate = actors * events / seconds;
            Array.Sort(latencies);
            one = actors == 1 ? rate : one;
            Measure.Row(
                $"{name}, {actors} actor{(actors > 1 ? "s" : "")}",
                $"{rate:0} events/s{(actors > 1 ? $" ({rate / one:0.0} x)" : "")}",
                actors > 1 ? target : "",
                $"p99 {latencies[latencies.Length * 99 / 100]:0.00} ms",
                cores);
        }
    }

    private static async Task Recovering(string journal)
    {
        ActorSystem writing = Start(journal);
        foreach (int[] some in Enumerable.Range(0, RecoveredActors).Chunk(10))
        {
            await Task.WhenAll(some.Select(i => writing.ActorOf(Props.Create(() => new Decider($"link-{i}", new double[1], 0, 1))).Ask<string>(new Decided[RecoveredEvents])));
        }
        await writing.Terminate();
        List<double> seconds = [];
        for (int round = 0; round < 5; round++)
        {
            ActorSystem system = Start(journal);
            long start = Stopwatch.GetTimestamp();
            // An actor answers when it is recovered.
            await Task.WhenAll(Enumerable.Range(0, RecoveredActors).Select(i => system.ActorOf(Props.Create(() => new Decider($"link-{i}", new double[1], 0, 1))).Ask<string>("recovered")));
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await system.Terminate();
        }
        seconds.Sort();
        Measure.Row("recovery, 1,000 actors x 1,000", $"{seconds[2]:0.00} s", "<= 5 s", "", 0);
        Measure.Row("the same", $"{RecoveredActors * RecoveredEvents / seconds[2]:0} events/s", ">= 300,000/s", "", 0);
    }

    /// <summary>What a link agent decided in a horizon.</summary>
    public sealed record Decided(int Episode, int Horizon, double Weight);

    /// <summary>16 bytes, little-endian.</summary>
    public sealed class Format(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 9002;

        public override string Manifest(object o) => "D1";

        public override byte[] ToBinary(object obj)
        {
            Decided decided = (Decided)obj;
            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, decided.Episode);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), decided.Horizon);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8), decided.Weight);
            return bytes;
        }

        public override object FromBinary(byte[] bytes, string manifest) =>
            new Decided(BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)), BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8)));
    }

    /// <summary>Stores event after event, each when the one before is stored.</summary>
    private sealed class Decider : ReceivePersistentActor
    {
        private readonly double[] _latencies;
        private readonly int _first, _size;
        private int _left, _recovered;
        private long _handedOver;
        private IActorRef _asker = ActorRefs.Nobody;

        public Decider(string id, double[] latencies, int first, int size)
        {
            PersistenceId = id;
            (_latencies, _first, _size) = (latencies, first, size);
            Recover<Decided>(_ => _recovered++);
            Command<int>(events =>
            {
                (_asker, _left) = (Sender, events);
                Next();
            });
            Command<Decided[]>(events =>
            {
                (_asker, _left) = (Sender, events.Length);
                PersistAll(events.Select((_, i) => new Decided(i / 20, i % 20, i)), _ =>
                {
                    if (--_left == 0) { _asker.Tell("stored"); }
                });
            });
            Command<string>(_ => Sender.Tell($"{_recovered}"));
        }

        public override string PersistenceId { get; }

        private void Next()
        {
            _handedOver = Stopwatch.GetTimestamp();
            Persist(new Decided(_left, 0, 1.25), OnStored);
        }

        private void OnStored(Decided decided)
        {
            _latencies[_first + Math.Min(--_left, _size - 1)] = Stopwatch.GetElapsedTime(_handedOver).TotalMilliseconds;
            if (_left > 0) { Next(); }
            else { _asker.Tell("stored"); }
        }
    }
}

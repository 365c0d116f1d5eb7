using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Journals;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>
/// What our journal relies on in Akka.Persistence.Sql and its documentation does not promise: a version that does otherwise fails here.
/// </summary>
public sealed class PluginContractTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private JournalLocation _location = null!;

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder["journal"]);
        _location = new JournalLocation(
            JournalLocation.Sqlite, $"Data Source={_folder["journal/events.db"]}", $"Data Source={_folder["journal/snapshots.db"]}", "",
            "full", 1000);
        JournalDatabase.Prepare(_location, isNew: true);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        await JournalDatabase.CloseAsync(_location);
        _folder.Dispose();
    }

    [Fact]
    public async Task Tables_HaveTheDefaultMappingsNamesAndTheKeyOfAgentAndNumber()
    {
        (await Writer(await StartAsync()).Ask<string>(new Write(1), Patience)).ShouldBe("1 of 1");
        using SqliteConnection events = Open("events.db"), snapshots = Open("snapshots.db");
        Columns(events, "journal").ShouldBe(
            [
                "created", "deleted", "identifier", "manifest", "message", "ordering", "persistence_id", "sequence_number", "tags",
                "writer_uuid",
            ]);
        Columns(snapshots, "snapshot").ShouldBe(["created", "manifest", "persistence_id", "sequence_number", "serializer_id", "snapshot"]);
        events.Query<string>(
            """
            SELECT (SELECT GROUP_CONCAT(c.name) FROM pragma_index_info(i.name) c) FROM pragma_index_list('journal') i WHERE i."unique" = 1
            """).ShouldContain("persistence_id,sequence_number");
        (string manifest, long serializer, string? tags, bool deleted) =
            events.QuerySingle<(string, long, string?, bool)>("SELECT manifest, identifier, tags, deleted FROM journal");
        (manifest, serializer, deleted).ShouldBe(("block/1", JournalSerializer.Id, false));
        (tags ?? "").ShouldBeEmpty();
    }

    [Fact]
    public async Task Created_IsInTicksOfUtc()
    {
        long before = TimeProvider.System.GetUtcNow().Ticks;
        await Writer(await StartAsync()).Ask<string>(new Write(1), Patience);
        using SqliteConnection events = Open("events.db");
        events.QuerySingle<long>("SELECT created FROM journal").ShouldBeInRange(before, TimeProvider.System.GetUtcNow().Ticks);
    }

    [Fact]
    public async Task PersistAsync_KeepsTheOrderAndAnswersWhatIsStored()
    {
        IActorRef writer = Writer(await StartAsync());
        // Answered by the handler of the last one, which counts the rows that another connection sees then.
        (await writer.Ask<string>(new Write(300), Patience)).ShouldBe("300 of 300");
        using SqliteConnection events = Open("events.db");
        byte[][] rows = [.. events.Query<byte[]>("SELECT message FROM journal ORDER BY sequence_number")];
        rows.Select(bytes => JournalFormat.Block(bytes, "block/1")!.First).ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i));
        events.Query<long>("SELECT sequence_number FROM journal ORDER BY ordering").ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i));
    }

    [Fact]
    public async Task LateWriter_IsRefusedByTheKeyAndStopped()
    {
        IActorRef late = Writer(await StartAsync()), successor = Writer(await StartAsync());
        (await late.Ask<string>("ready", Patience)).ShouldBe("ready");
        (await successor.Ask<string>(new Write(1), Patience)).ShouldBe("1 of 1");
        string refusal = await late.Ask<string>(new Write(1), Patience);
        refusal.ShouldBe($"{_folder["journal/events.db"]}: another process writes to it: end that process, then go on with 'akkalb "
            + "resume'");
        (await successor.Ask<string>(new Write(1), Patience)).ShouldBe("2 of 2");
    }

    /// <summary>An agent that moves to another node and back has events of two writers in turns; none of them is an old one.</summary>
    [Fact]
    public async Task Recovery_OfEventsOfTwoNodesInTurns_HasAllOfThem()
    {
        ActorSystem[] nodes = [await StartAsync(), await StartAsync()];
        for (int turn = 0; turn < 4; turn++)
        {
            IActorRef writer = Writer(nodes[turn % 2]);
            (await writer.Ask<string>(new Write(1), Patience)).ShouldBe($"{turn + 1} of {turn + 1}");
            await writer.GracefulStop(Patience);
        }
        (await Writer(nodes[0]).Ask<string>("recovered", Patience)).ShouldBe("0 snapshots, 4 rows");
    }

    [Fact]
    public async Task Snapshot_IsAnsweredAfterItIsStored()
    {
        IActorRef writer = Writer(await StartAsync());
        await writer.Ask<string>(new Write(3), Patience);
        (await writer.Ask<string>("snapshot", Patience)).ShouldBe("1 snapshot, row 3");
    }

    [Fact]
    public async Task Snapshot_ThatCannotBeRead_IsPassedOver()
    {
        IActorRef writer = Writer(await StartAsync());
        await writer.Ask<string>(new Write(3), Patience);
        await writer.Ask<string>("snapshot", Patience);
        using (SqliteConnection snapshots = Open("snapshots.db"))
        {
            snapshots.Execute("UPDATE snapshot SET snapshot = X'00'").ShouldBe(1);
        }
        (await Writer(await StartAsync()).Ask<string>("recovered", Patience)).ShouldBe("0 snapshots, 3 rows");
    }

    /// <summary>Else it could be written behind a run that goes on in this process.</summary>
    [Fact]
    public async Task Close_AWriteWaitsForTheLock_EndsWhenThatHas()
    {
        IActorRef writer = Writer(await StartAsync());
        await writer.Ask<string>("recovered", Patience);
        Task closing;
        using (SqliteConnection other = Open("events.db"))
        {
            other.Execute("BEGIN IMMEDIATE");
            writer.Tell(new Write(1), ActorRefs.NoSender);
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
            while (!JournalDatabase.IsInUse(_location.Events))
            {
                await timer.WaitForNextTickAsync();
            }
            await _hosts.Single().StopAsync();
            closing = JournalDatabase.CloseAsync(_location);
            closing.IsCompleted.ShouldBeFalse();
        }
        await closing.WaitAsync(Patience);
        JournalDatabase.IsInUse(_location.Events).ShouldBeFalse();
    }

    private async Task<ActorSystem> StartAsync()
    {
        IHost host = ActorSystemComposition.Build(Config.Empty, _location, Serilog.Core.Logger.None);
        _hosts.Add(host);
        await host.StartAsync();
        return host.Services.GetRequiredService<ActorSystem>();
    }

    private IActorRef Writer(ActorSystem system) => system.ActorOf(Props.Create(() => new WriterActor(_folder.FullPath, _location)));

    private SqliteConnection Open(string file) => Open(_folder.FullPath, file);

    private static SqliteConnection Open(string folder, string file)
    {
        SqliteConnection connection = new($"Data Source={Path.Combine(folder, "journal", file)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static IEnumerable<string> Columns(SqliteConnection connection, string table) =>
        connection.Query<string>("SELECT name FROM pragma_table_info(@table) ORDER BY name", new { table });

    /// <summary>Store so many blocks.</summary>
    private sealed record Write(int Blocks);

    private sealed class WriterActor : ReceivePersistentActor
    {
        private readonly string _folder;
        private readonly JournalLocation _location;
        private IActorRef _asker = ActorRefs.Nobody;
        private int _left;
        private int _snapshots;
        private int _rows;

        public WriterActor(string folder, JournalLocation location)
        {
            _folder = folder;
            _location = location;
            Recover<SnapshotOffer>(_ => _snapshots++);
            Recover<EventBlock>(_ => _rows++);
            Command<Write>(write =>
            {
                _asker = Sender;
                _left = write.Blocks;
                for (int i = 0; i < write.Blocks; i++)
                {
                    Store(new EventBlock(PersistenceId, _rows + i + 1, [EncodedEvent.Of(new RunEvents.RunResumed(i))]));
                }
                _rows += write.Blocks;
            });
            Command<string>(text =>
            {
                _asker = Sender;
                if (text == "snapshot")
                {
                    SaveSnapshot(new AgentSnapshot(0, ImmutableSortedDictionary<string, long>.Empty, []));
                }
                else
                {
                    _asker.Tell(text == "ready" ? text : $"{_snapshots} snapshots, {_rows} rows");
                }
            });
            Command<SaveSnapshotSuccess>(saved =>
            {
                using SqliteConnection snapshots = Open(folder, "snapshots.db");
                _asker.Tell($"{snapshots.QuerySingle<long>("SELECT COUNT(*) FROM snapshot")} snapshot, row {saved.Metadata.SequenceNr}");
            });
        }

        public override string PersistenceId => "writer";

        private void Store(EventBlock stored) => PersistAsync(stored, block =>
        {
            _left--;
            if (_left == 0)
            {
                using SqliteConnection events = Open(_folder, "events.db");
                _asker.Tell($"{block.First} of {events.QuerySingle<long>("SELECT COUNT(*) FROM journal")}");
            }
        });

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
            _asker.Tell(JournalDatabase.Describe(cause, _location));
    }
}

using System.Collections.Immutable;
using AkkaLb.Agents.Journals;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>The rows of a SQLite journal, to be damaged: blocks are opened and closed again, so that only what is meant is wrong.</summary>
internal sealed class JournalRows(string file)
{
    public sealed record Row(long Ordering, string Agent, long Number, byte[] Message);

    public IReadOnlyList<Row> All()
    {
        using SqliteConnection connection = Open();
        return [.. connection.Query<Row>(
            "SELECT ordering, persistence_id AS Agent, sequence_number AS Number, message FROM journal ORDER BY ordering")];
    }

    public void Execute(string sql, object? parameters = null)
    {
        using SqliteConnection connection = Open();
        connection.Execute(sql, parameters).ShouldNotBe(0);
    }

    public void Drop(string table)
    {
        using SqliteConnection connection = Open();
        connection.Execute($"DROP TABLE {table}");
    }

    /// <summary>Makes another block of a row's.</summary>
    public void ChangeBlock(string agent, long number, Func<EventBlock, EventBlock> change)
    {
        Row row = All().Single(r => r.Agent == agent && r.Number == number);
        byte[] message = JournalFormat.Write(change(Block(row)));
        Execute("UPDATE journal SET message = @message WHERE ordering = @ordering", new { message, ordering = row.Ordering });
    }

    /// <summary>Makes another event of one that is numbered.</summary>
    public void ChangeEvent(string agent, string manifest, long step, Func<IJournalEvent, IJournalEvent> change)
    {
        bool Is(EncodedEvent e) => e.Manifest == manifest && e.Decode().Step == step;
        Row row = All().Single(r => r.Agent == agent && Block(r).Events.Any(Is));
        ImmutableArray<EncodedEvent> changed = [.. Block(row).Events.Select(e => Is(e) ? EncodedEvent.Of(change(e.Decode())) : e)];
        ChangeBlock(agent, row.Number, block => block with { Events = changed });
    }

    public SqliteConnection Open()
    {
        SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static EventBlock Block(Row row) => JournalFormat.Block(row.Message, "block/1").ShouldNotBeNull();
}

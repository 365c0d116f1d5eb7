using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Cli.Tests.Commands.Journal;

/// <summary>Journals that other programs on Akka.NET wrote: what is in them is shown as it stands there.</summary>
public sealed class ForeignJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Csv")]
    [InlineData("TagTable")]
    [InlineData("Both")]
    public async Task EveryCommand_ReadsIt(string mode)
    {
        string journal = await ForeignJournal.WriteAsync(_folder, mode);
        JsonElement agents = JsonDocument.Parse(await Output(0, "list", journal, "--json")).RootElement;
        agents.EnumerateArray().Select(a => (a.GetProperty("agent").GetString(), a.GetProperty("events").GetInt32()))
            .ShouldBe([("counter-2", 5), ("counter-10", 5), ("counter-cut", 2)]);

        Lines(await Output(0, "show", journal, "--tag", "even", "--agent", "counter-2", "--json"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(e => (e.GetProperty("sequenceNumber").GetInt32(), Bytes(e.GetProperty("event"))[0], Tags(e)))
            .ShouldBe([(2, (byte)'2', "all even"), (4, (byte)'4', "all even")]);
        Lines(await Output(0, "show", journal, "--tag", "all", "--type", "counted")).Length.ShouldBe(1 + 12);

        string replayed = await Output(0, "replay", journal, "--agent", "counter-10", "--to", "3", "--json");
        JsonElement memory = JsonDocument.Parse(replayed).RootElement.GetProperty("memory");
        (memory.GetProperty("serializer").GetInt32(), memory.GetProperty("manifest").GetString()).ShouldBe((9001, "counted"));
        Bytes(memory).ShouldBe("3"u8.ToArray());
        (await Output(0, "diff", journal, "--agent", "counter-10", "--from", "1", "--to", "2")).ShouldContain("* bytes ");

        (await Output(0, "verify", journal)).TrimEnd()
            .ShouldBe("sound: 12 events of 3 agents (12 written by another program: their numbers and times only), 0 snapshots compared");

        (await Output(0, "diff", journal, journal)).ShouldStartWith("equal: 3 agents, 12 and 12 decisions");
        string other = await ForeignJournal.WriteAsync(_folder, mode, last: 7);
        (await Output(1, "diff", journal, other)).ShouldContain("counter-2: equal for 4 decisions, then");

        string file = Path.Combine(_folder, "events.csv");
        await Output(0, "export", journal, "--format", "csv", "--out", file);
        File.ReadLines(file).Count().ShouldBe(1 + 12);
    }

    /// <summary>Its columns may hold what ours never do: one line that names file and row.</summary>
    [Theory]
    [InlineData("message = NULL")]
    [InlineData("deleted = NULL")]
    [InlineData("identifier = 1000000000000")]
    [InlineData("created = NULL")]
    public async Task EveryCommand_ValueThatIsNone_NamesTheRow(string change)
    {
        string journal = await ForeignJournal.WriteAsync(_folder, "Csv"), file = Path.Combine(_folder, "out.csv");
        using (SqliteConnection connection = new($"Data Source={journal};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE copy AS SELECT * FROM journal; DROP TABLE journal; ALTER TABLE copy RENAME TO journal; "
                + $"UPDATE journal SET {change} WHERE ordering = 3";
            command.ExecuteNonQuery();
        }
        string[][] commands =
            [["list", journal], ["show", journal], ["verify", journal], ["diff", journal, journal], ["export", journal, "--out", file]];
        foreach (string[] command in commands)
        {
            Cli cli = new();
            (await cli.InvokeAsync(["journal", .. command])).ShouldBe(2, cli.Error);
            cli.Error.ShouldStartWith($"akkalb: {journal}: the row of ordering 3 is damaged: expected ");
            Lines(cli.Error).ShouldHaveSingleItem();
        }
    }

    // A set: their order is not kept.
    private static string Tags(JsonElement e) =>
        string.Join(' ', e.GetProperty("tag").GetString()!.Split(';').Order(StringComparer.Ordinal));

    private static byte[] Bytes(JsonElement e) => e.GetProperty("bytes").GetBytesFromBase64();

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> Output(int exitCode, params string[] arguments)
    {
        Cli cli = new();
        (await cli.InvokeAsync(["journal", .. arguments])).ShouldBe(exitCode, cli.Error + cli.Output);
        return cli.Output;
    }
}

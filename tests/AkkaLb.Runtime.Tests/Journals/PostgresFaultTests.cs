using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;
using Dapper;
using Npgsql;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>A server that dies, is not there, or does not have the database.</summary>
public sealed class PostgresFaultTests : JournalTest
{
    private readonly LocalPostgres? _server = LocalPostgres.Missing is null ? LocalPostgres.Start() : null;

    public override void Dispose()
    {
        _server?.Dispose();
        base.Dispose();
    }

    [SkippableFact]
    public async Task ServerThatDies_StopsTheRunWhichGoesOnWhenItIsBack()
    {
        string[] keys = Keys(NewDatabase());
        await Run("straight");
        QuietObserver observer = new() { OnEpisode = e => { if (e.Episode == 12) { _server!.Stop(); } } };
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Run("run", observer: observer, overrides: keys));
        ShouldBeOneLine(
            failure, "the journal failed, and the run with it: ", "PostgreSQL at ", ", database database1: the server ", ": start it",
            ", then go on with 'akkalb resume'");
        _server!.StartAgain();
        (await Resume("run")).Summary.Status.ShouldBe(RunSummary.Finished);
        ShouldBeThatOf("run", "straight");
    }

    [SkippableFact]
    public async Task ServerThatIsNotThere_IsOneLineBeforeTheRunStarts()
    {
        string[] keys = Keys(NewDatabase());
        await Run("straight");
        _server!.Stop();
        RunFailedException failure = await Should.ThrowAsync<RunFailedException>(() => Run("run", overrides: keys));
        ShouldBeOneLine(
            failure, "the journal cannot be used: PostgreSQL at ", ", database database1: the server cannot be reached (",
            "): start it or mend 'akkalb.journal.connection', then go on with 'akkalb resume'");
        InvalidInputException unread = Should.Throw<InvalidInputException>(() => Open("run"));
        ShouldBeOneLine(
            unread, "PostgreSQL at ", ", database database1: expected a journal that can be opened: the server cannot be reached (");
        _server!.StartAgain();
        (await Resume("run")).Summary.Status.ShouldBe(RunSummary.Finished);
        ShouldBeThatOf("run", "straight");
    }

    /// <summary>Of another program's database, which need not keep snapshots.</summary>
    [SkippableFact]
    public async Task DatabaseWithoutSnapshots_IsReadAndItsErrorsNameIt()
    {
        string connection = NewDatabase();
        await Run("run", overrides: Keys(connection));
        JournalLocation database = JournalLocation.Of(connection);
        Execute(connection, "DROP TABLE snapshot");
        using (JournalReader reader = JournalReader.Open(database))
        {
            JournalVerifier.Verify(reader).Problems.ShouldBeEmpty();
        }
        Execute(connection, "ALTER TABLE journal ALTER COLUMN message DROP NOT NULL; UPDATE journal SET message = NULL WHERE ordering = 3");
        Read().ShouldEndWith(", database database1: the row of ordering 3 is damaged: expected a name, a sequence number, a time and "
            + "whether it is deleted, and a message with the number of its serializer");
        Execute(connection, "DROP TABLE journal");
        Read().ShouldEndWith(", database database1: cannot be read as a journal: there is no journal in it");

        string Read()
        {
            using JournalReader reader = JournalReader.Open(database);
            InvalidInputException unread = Should.Throw<InvalidInputException>(() => reader.Agents());
            ShouldBeOneLine(unread, "PostgreSQL at ");
            return unread.Message;
        }
    }

    [SkippableTheory]
    [InlineData("Database=database1", "Database=nowhere", "database \"nowhere\" does not exist")]
    [InlineData("Username=akkalb", "Username=nobody-of-theirs", "role \"nobody-of-theirs\" does not exist")]
    [InlineData("Database=database1", "Datenbank=database1", "it has 'datenbank', expected Host, Port, Database, Username, Password or ")]
    [InlineData("Database=database1", "Port=x", "its 'port' cannot be read: The input string 'x' was not in a correct format.")]
    [InlineData("Database=database1", "nix", "it is no connection string, expected one of PostgreSQL such as \"Host=…;Database=…;")]
    public async Task WrongConnection_IsTheUsersInput(string part, string wrong, string cause)
    {
        string[] keys = Keys(NewDatabase().Replace(part, wrong, StringComparison.Ordinal));
        InvalidInputException failure = await Should.ThrowAsync<InvalidInputException>(() => Run("run", overrides: keys));
        ShouldBeOneLine(failure, "'akkalb.journal.connection': expected a database that can be used: ", cause);
    }

    /// <summary>Such as a schema of one's own: what is stored would else be looked for elsewhere.</summary>
    [SkippableFact]
    public async Task ConnectionWithOptions_IsWrittenAndReadWithThem()
    {
        string connection = NewDatabase();
        Execute(connection, "CREATE SCHEMA mine");
        string mine = $"{connection};Options=-c search_path=mine";
        await Run("run", overrides: Keys(mine));
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(mine));
        JournalVerifier.Verify(reader).Problems.ShouldBeEmpty();
        reader.Agents().ShouldNotBeEmpty();
    }

    private static void Execute(string connection, string sql)
    {
        using NpgsqlConnection server = new(connection);
        server.Execute(sql);
    }

    private static string[] Keys(string connection) => ["journal.provider=postgresql", $"journal.connection=\"{connection}\""];

    private string NewDatabase()
    {
        Skip.If(LocalPostgres.Missing is not null, LocalPostgres.Missing);
        return _server!.CreateDatabase();
    }
}

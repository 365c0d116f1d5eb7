using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;

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

    [SkippableTheory]
    [InlineData("Database=database1", "Database=nowhere", "database \"nowhere\" does not exist")]
    [InlineData("Username=akkalb", "Username=nobody-of-theirs", "role \"nobody-of-theirs\" does not exist")]
    [InlineData("Database=database1", "Datenbank=database1", "Couldn't set datenbank")]
    public async Task WrongConnection_IsTheUsersInput(string part, string wrong, string cause)
    {
        string[] keys = Keys(NewDatabase().Replace(part, wrong, StringComparison.Ordinal));
        InvalidInputException failure = await Should.ThrowAsync<InvalidInputException>(() => Run("run", overrides: keys));
        ShouldBeOneLine(failure, "'akkalb.journal.connection': expected a database that can be used: ", cause);
    }

    private static string[] Keys(string connection) => ["journal.provider=postgresql", $"journal.connection=\"{connection}\""];

    private string NewDatabase()
    {
        Skip.If(LocalPostgres.Missing is not null, LocalPostgres.Missing);
        return _server!.CreateDatabase();
    }
}

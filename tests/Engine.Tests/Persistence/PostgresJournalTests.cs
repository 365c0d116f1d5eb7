using Akka.Actor;

namespace Engine.Tests.Persistence;

/// <summary>Journals in PostgreSQL, on a server of the tests' own.</summary>
public sealed class PostgresJournalTests(PostgresServer server) : SqlContractTests, IClassFixture<PostgresServer>
{
    private string? _connection;

    protected override string Journal => $"provider-name = \"PostgreSQL.15\", connection-string = \"{Connection}\"";

    protected override string Snapshots => Journal;

    private string Connection
    {
        get
        {
            Skip.If(server.Missing is not null, server.Missing);
            return _connection ??= server.CreateDatabase();
        }
    }

    [SkippableFact]
    public async Task ServerDies_LosesNothingAcknowledgedAndGoesOnWhenItIsBack()
    {
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        Assert.Equal("1", await actor.Ask<string>(1, Patience));
        server.Stop();
        string line = await actor.Ask<string>(2, Patience);
        server.Start();
        Assert.StartsWith("PostgreSQL at ", line);
        Assert.DoesNotContain('\n', line);
        (actor, Task<string> recovered) = Summer(system, "a");
        Assert.Equal("sum 1 count 1 offered 0 last 1", await recovered);
        Assert.Equal("4", await actor.Ask<string>(3, Patience));
    }
}

using Akka.Actor;

namespace Engine.Tests.Persistence;

/// <summary>Journals in SQLite files.</summary>
public sealed class SqlJournalTests : SqlContractTests
{
    [SkippableFact]
    public async Task AkkaNetsJournal_IsRecovered()
    {
        string shared = Path.Combine(Environment.GetEnvironmentVariable("AKKALB_SHARED") ?? Shared(), "data", "akka-journal");
        Skip.IfNot(Directory.Exists(shared), $"{shared} is absent");
        foreach (string name in new[] { "journal.db", "snapshots.db" }) { File.WriteAllBytes(Path.Combine(Folder, name), File.ReadAllBytes(Path.Combine(shared, name))); }
        ActorSystem system = Start();
        Assert.Equal("sum 110 count 6 offered 5 last 6", await Summer(system, "link-0").Recovered);
        Assert.Equal("sum 110 count 6 offered 5 last 6", await Summer(system, "link-1").Recovered);
        (IActorRef actor, Task<string> recovered) = Summer(system, "lb-0");
        Assert.Equal("sum 110 count 6 offered 0 last 6", await recovered);
        Assert.Equal("111", await actor.Ask<string>(1, Patience));
    }

    private static string Shared()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AkkaLb.sln"))) { folder = folder.Parent; }
        return Path.Combine(folder?.FullName ?? ".", "..", "shared");
    }
}

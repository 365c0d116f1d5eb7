using Akka.Actor;

namespace Engine.Tests.Persistence;

/// <summary>Journals in SQLite files: what one system stores another recovers.</summary>
public sealed class SqlJournalTests : SqlJournalTest
{
    [Fact]
    public async Task Events_OfManyActors_AreRecoveredByAnotherSystem()
    {
        ActorSystem first = Start();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async id =>
        {
            IActorRef actor = Summer(first, $"a{id}").Actor;
            for (int i = 1; i <= 5; i++) { await actor.Ask<string>(id * i, Patience); }
            await actor.Ask<string>("snapshot", Patience);
            await actor.Ask<string>(1000, Patience);
        }));
        await End(first);
        ActorSystem second = Start();
        for (int id = 0; id < 20; id++) { Assert.Equal($"sum {1000 + id * 15} count 6 offered 5 last 6", await Summer(second, $"a{id}").Recovered); }
    }

    [Fact]
    public async Task LateWriter_IsRefusedByTheKeyOfItsEvents()
    {
        IActorRef late = Summer(Start(), "a").Actor;
        Assert.Equal("1", await late.Ask<string>(1, Patience));
        IActorRef owner = Summer(Start(), "a").Actor;
        Assert.Equal("3", await owner.Ask<string>(2, Patience));
        Assert.Contains("stored already", await late.Ask<string>(4, Patience));
        Assert.Equal("sum 3 count 2 offered 0 last 2", await Summer(Start(), "a").Recovered);
    }

    [Fact]
    public async Task UnknownType_IsRejectedAndTheActorGoesOn()
    {
        IActorRef actor = Summer(Start(), "a").Actor;
        Assert.Contains("Serializer not found", await actor.Ask<string>("unknown", Patience));
        Assert.Equal("1", await actor.Ask<string>(1, Patience));
    }

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

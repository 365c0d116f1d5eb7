using Akka.Actor;

namespace Engine.Tests.Persistence;

/// <summary>What holds for journals on every database: what one system stores another recovers.</summary>
public abstract class SqlContractTests : SqlJournalTest
{
    [SkippableFact]
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

    [SkippableFact]
    public async Task LateWriter_IsRefusedByTheKeyOfItsEvents()
    {
        IActorRef late = Summer(Start(), "a").Actor;
        Assert.Equal("1", await late.Ask<string>(1, Patience));
        IActorRef owner = Summer(Start(), "a").Actor;
        Assert.Equal("3", await owner.Ask<string>(2, Patience));
        Assert.Contains("stored already", await late.Ask<string>(4, Patience));
        Assert.Equal("sum 3 count 2 offered 0 last 2", await Summer(Start(), "a").Recovered);
    }

    [SkippableFact]
    public async Task UnknownType_IsRejectedAndTheActorGoesOn()
    {
        IActorRef actor = Summer(Start(), "a").Actor;
        Assert.Contains("Serializer not found", await actor.Ask<string>("unknown", Patience));
        Assert.Equal("1", await actor.Ask<string>(1, Patience));
    }

    [SkippableFact]
    public async Task Deleted_AreGoneAndTheirNumbersAreNotGivenAgain()
    {
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        for (int i = 1; i <= 4; i++) { await actor.Ask<string>(i, Patience); }
        Assert.Equal("deleted to 4", await actor.Ask<string>("delete", Patience));
        (actor, Task<string> recovered) = Summer(Start(), "a");
        Assert.Equal("sum 0 count 0 offered 0 last 4", await recovered);
        Assert.Equal("9", await actor.Ask<string>(9, Patience));
    }

    [SkippableFact]
    public async Task Snapshots_OfOneNumber_ReplaceEachOther()
    {
        ActorSystem system = Start();
        IActorRef actor = Summer(system, "a").Actor;
        Assert.Equal("3", await actor.Ask<string>(3, Patience));
        Assert.Equal("saved", await actor.Ask<string>("snapshot", Patience));
        Assert.Equal("saved", await actor.Ask<string>("snapshot", Patience));
        Assert.Equal("sum 3 count 1 offered 1 last 1", await Summer(Start(), "a").Recovered);
    }
}

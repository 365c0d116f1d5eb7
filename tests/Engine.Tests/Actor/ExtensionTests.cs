using Akka.Actor;

namespace Engine.Tests.Actor;

public class ExtensionTests : EngineTest
{
    [Fact]
    public void Extension_IsMadeOnce_AlsoByManyThreads()
    {
        Tally[] instances = new Tally[16];

        Parallel.For(0, instances.Length, i => instances[i] = (Tally)Sys.RegisterExtension(new TallyId()));

        instances.Distinct().ShouldHaveSingleItem();
        instances[0].Made.ShouldBe(1);
        Sys.HasExtension<Tally>().ShouldBeTrue();
        Sys.GetExtension<Tally>().ShouldBeSameAs(instances[0]);
        Sys.WithExtension<Tally>().ShouldBeSameAs(instances[0]);
        Sys.TryGetExtension(out Tally? found).ShouldBeTrue();
        found.ShouldBeSameAs(instances[0]);
    }

    [Fact]
    public void Extension_NotRegistered_IsAbsent_OrMadeByItsIdentifier()
    {
        Sys.HasExtension<Tally>().ShouldBeFalse();
        Sys.TryGetExtension(out Tally? _).ShouldBeFalse();

        Sys.WithExtension<Tally, TallyId>().System.ShouldBeSameAs(Sys);
    }

    [Fact]
    public void Extension_OfTheConfiguration_IsThereFromTheStart()
    {
        using Akka.TestKit.Xunit2.TestKit kit = new("akka { loggers = [], stdout-loglevel = OFF, extensions = [\"Engine.Tests.Actor.TallyId, Engine.Tests\"] }");

        kit.Sys.HasExtension<Tally>().ShouldBeTrue();
    }
}

public sealed class Tally(ExtendedActorSystem system, int made) : IExtension
{
    public ExtendedActorSystem System => system;

    public int Made => made;
}

public sealed class TallyId : ExtensionIdProvider<Tally>
{
    private int made;

    public override Tally CreateExtension(ExtendedActorSystem system) => new(system, Interlocked.Increment(ref made));
}

using Akka.Actor;
using Akka.Event;

namespace Engine.Tests.Actor;

public sealed class SelectionTests : ActorTest
{
    private IActorRef _top = null!;
    private IActorRef _a = null!;
    private IActorRef _b = null!;
    private IActorRef _leaf = null!;

    private async Task Plant()
    {
        _top = Sys.ActorOf(Props.Create(() => new Puppet(null, null)), "top");
        _a = await _top.Child(null, "a1");
        _b = await _top.Child(null, "a2");
        _leaf = await _a.Child(null, "leaf");
    }

    [Theory]
    [InlineData("/user/top", "top")]
    [InlineData("akka://test/user/top/a1", "a1")]
    [InlineData("top/a1/leaf", "leaf")]
    [InlineData("top/a1/../a2", "a2")]
    [InlineData("/user/top/a1/leaf/../../a2", "a2")]
    [InlineData("/user/top/?1", "a1")]
    [InlineData("/user/*/a1/l*", "leaf")]
    public async Task Selection_OfOne_Resolves(string path, string expected)
    {
        await Plant();
        (await Sys.ActorSelection(path).ResolveOne(PuppetExtensions.Patience)).Path.Name.ShouldBe(expected);
    }

    [Theory]
    [InlineData("/user/top/*", new[] { "a1", "a2" })]
    [InlineData("/user/top/a?", new[] { "a1", "a2" })]
    [InlineData("/user/top/a*", new[] { "a1", "a2" })]
    [InlineData("/user/top/**", new[] { "a1", "a2", "leaf" })]
    [InlineData("/user/top/*/leaf", new[] { "leaf" })]
    [InlineData("/user/top/b*", new string[0])]
    public async Task Selection_Wildcards_ReachAll(string path, string[] expected)
    {
        await Plant();
        Sys.ActorSelection(path).Tell(new Identify(path), TestActor);
        string[] names = expected.Select(_ => ExpectMsg<ActorIdentity>()).Select(i => i.Subject!.Path.Name).ToArray();
        names.ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task Selection_InAnActor_IsRelativeToIt()
    {
        await Plant();
        ActorSelection selection = await _a.Get(p => p.Cell.ActorSelection("../a2"));
        (await selection.ResolveOne(PuppetExtensions.Patience)).ShouldBe(_b);
        selection = await _top.Get(p => p.Cell.ActorSelection("a1/leaf"));
        (await selection.ResolveOne(PuppetExtensions.Patience)).ShouldBe(_leaf);
    }

    [Fact]
    public async Task Selection_Missing_IsADeadLetterWithItsPath()
    {
        await Plant();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.ActorSelection("/user/top/none/below").Tell("lost", TestActor);
        DeadLetter letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("lost");
        letter.Recipient.Path.ToStringWithoutAddress().ShouldBe("/user/top/none/below");
        await Should.ThrowAsync<ActorNotFoundException>(Sys.ActorSelection("/user/none").ResolveOne(PuppetExtensions.Patience));
    }

    [Fact]
    public async Task Identify_DeadActor_HasNoSubject()
    {
        await Plant();
        await _leaf.GracefulStop(PuppetExtensions.Patience);
        _leaf.Tell(new Identify("id"), TestActor);
        ExpectMsg<ActorIdentity>(i => i.MessageId.ShouldBe("id")).Subject.ShouldBeNull();
        _top.Tell(new Identify("id"), TestActor);
        ExpectMsg<ActorIdentity>().Subject.ShouldBe(_top);
    }

    [Fact]
    public async Task ResolveActorRef_ByPath_FindsTheVeryIncarnation()
    {
        await Plant();
        IActorRefProvider provider = ((ExtendedActorSystem)Sys).Provider;
        provider.ResolveActorRef(_leaf.Path.ToSerializationFormat()).ShouldBe(_leaf);
        IActorRef other = provider.ResolveActorRef(_leaf.Path.WithUid(_leaf.Path.Uid + 1));
        other.ShouldNotBe(_leaf);
        other.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>().Subject.ShouldBeNull();
    }
}

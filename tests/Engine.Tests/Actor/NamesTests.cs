using Akka.Actor;

namespace Engine.Tests.Actor;

public sealed class NamesTests : ActorTest
{
    private static readonly Props Anything = Props.Create(() => new Puppet(null, null));

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a%2")]
    public void ActorOf_IllegalName_Throws(string name) => Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Anything, name));

    [Theory]
    [InlineData("a")]
    [InlineData("a-b_c.d*e+f:g@h&i=j,k!l~m'n;o()")]
    [InlineData("a%20b")]
    public void ActorOf_LegalName_KeepsIt(string name) => Sys.ActorOf(Anything, name).Path.Name.ShouldBe(name);

    [Fact]
    public void ActorOf_TakenName_Throws()
    {
        Sys.ActorOf(Anything, "taken");
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Anything, "taken")).Message.ShouldContain("not unique");
    }

    [Fact]
    public async Task ActorOf_AutomaticNames_CountUp()
    {
        IActorRef parent = Sys.ActorOf(Anything);
        List<string> names = await parent.Get(p => Enumerable.Range(0, 66).Select(_ => p.Cell.ActorOf(Anything).Path.Name).ToList());
        names[0].ShouldBe("$a");
        names[25].ShouldBe("$z");
        names[26].ShouldBe("$A");
        names[52].ShouldBe("$0");
        names[62].ShouldBe("$+");
        names[63].ShouldBe("$~");
        names[64].ShouldBe("$ab");
        names[65].ShouldBe("$bb");
    }

    [Fact]
    public async Task Name_AfterTermination_IsFreeForANewIncarnation()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Puppet(TestActor, null)), "parent");
        ExpectMsg("parent PreStart");
        IActorRef first = await parent.Child(null, "child");
        await parent.Get(p => p.Cell.Watch(first));
        parent.Do(p => p.Cell.Stop(first));
        ExpectMsg(new Died(first));
        IActorRef second = await parent.Child(null, "child");
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
        second.Path.Uid.ShouldNotBe(first.Path.Uid);
    }

    [Fact]
    public async Task Child_ByName_IsFoundOrNobody()
    {
        IActorRef parent = Sys.ActorOf(Anything);
        IActorRef child = await parent.Child(null, "child");
        (await parent.Get(p => p.Cell.Child("child"))).ShouldBe(child);
        (await parent.Get(p => p.Cell.Child("nobody"))).ShouldBe(ActorRefs.Nobody);
        (await parent.Get(p => p.Cell.GetChildren().ToArray())).ShouldBe([child]);
        (await child.Get(p => p.Cell.Parent)).ShouldBe(parent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    public void System_IllegalName_Throws(string name) => Should.Throw<ArgumentException>(() => ActorSystem.Create(name));
}

using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Tests.Actor;

public sealed class ActorPathTests
{
    [Theory]
    [InlineData("akka://sys/user/a/b")]
    [InlineData("akka://sys/")]
    [InlineData("akka.tcp://sys@host:2552/user/a")]
    public void Parse_ThenFormat_GivesTheSame(string text) => ActorPath.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("/user/a")]
    [InlineData("akka://")]
    [InlineData("akka.tcp://sys@host/user")]
    [InlineData("akka.tcp://sys@host:x/user")]
    [InlineData("akka.tcp://sys@:1/user")]
    public void Parse_NotAPath_Fails(string text)
    {
        ActorPath.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<UriFormatException>(() => ActorPath.Parse(text));
    }

    [Fact]
    public void Path_HasItsParts()
    {
        ActorPath path = ActorPath.Parse("akka.tcp://sys@HOST:2552/user/a/b#42");
        path.Name.ShouldBe("b");
        path.Uid.ShouldBe(42);
        path.Elements.ShouldBe(["user", "a", "b"]);
        path.Parent.ToStringWithoutAddress().ShouldBe("/user/a");
        path.Address.ShouldBe(new Address("akka.tcp", "sys", "host", 2552));
        path.ToStringWithUid().ShouldBe("akka.tcp://sys@host:2552/user/a/b#42");
        path.ToSerializationFormat().ShouldBe(path.ToStringWithUid());
        path.ParentOf(1).Name.ShouldBe("user");
        path.ParentOf(-1).ShouldBe(path.Parent);
        path.Root.ShouldBe(new RootActorPath(path.Address));
    }

    [Fact]
    public void Path_Equality_IgnoresTheUid()
    {
        ActorPath path = new RootActorPath(new Address("akka", "sys")) / "user" / "a";
        path.WithUid(7).ShouldBe(path);
        path.WithUid(7).GetHashCode().ShouldBe(path.GetHashCode());
        (path / "b").ShouldNotBe(path);
        path.CompareTo(path / "b").ShouldBeLessThan(0);
    }

    [Fact]
    public void ToSerializationFormatWithAddress_ReplacesALocalAddressOnly()
    {
        Address there = new("akka.tcp", "sys", "there", 1);
        ActorPath local = new RootActorPath(new Address("akka", "sys")) / "user";
        local.ToSerializationFormatWithAddress(there).ShouldBe("akka.tcp://sys@there:1/user");
        ActorPath remote = new RootActorPath(there.WithHost("here")) / "user";
        remote.ToSerializationFormatWithAddress(there).ShouldBe("akka.tcp://sys@here:1/user");
    }

    [Fact]
    public void Address_ParsedFromItsText_IsEqual() => Prop.ForAll(
        Gen.Choose(0, 65535).ToArbitrary(),
        port =>
        {
            Address address = new("akka.tcp", "sys-1", "node.example", port);
            return Address.Parse(address.ToString()).Equals(address) && Address.Parse(address.ToString()).GetHashCode() == address.GetHashCode();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Path_RandomNames_ParseToTheSamePath() => Prop.ForAll(
        Gen.Elements("abcXYZ019-_.*+:@&=,!~';()".ToCharArray()).NonEmptyListOf().Select(c => new string([.. c])).NonEmptyListOf().ToArbitrary(),
        names =>
        {
            ActorPath path = new RootActorPath(new Address("akka", "sys")) / names;
            return names.All(ActorPath.IsValidPathElement) && ActorPath.Parse(path.ToString()).Equals(path) && path.Elements.SequenceEqual(names);
        }).QuickCheckThrowOnFailure();
}

using Akka.Actor;
using Akka.TestKit;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Tests.Plays;

/// <summary>Policies reach a node once a version, in parcels, and only as they were sent.</summary>
public sealed class NodePoliciesTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly byte[] Policy = [.. Enumerable.Range(0, MessageParts.MaxPart * 2 + 5).Select(k => (byte)k)];
    private static readonly ParcelKey Key = ParcelKey.Of("policy-0", Policy);

    private readonly IActorRef _policies;
    private readonly TestProbe _play;

    public NodePoliciesTests()
    {
        _policies = Sys.ActorOf(NodePolicies.Props(Policy.Length));
        _play = CreateTestProbe();
    }

    [Fact]
    public void Policy_OfSeveralMembers_IsSentOnce()
    {
        TestProbe[] members = [CreateTestProbe(), CreateTestProbe(), CreateTestProbe()];
        Get(members[0]);
        Get(members[1]);
        _play.ExpectMsg<SendPolicy>().Policy.ShouldBe(Key);
        Send(Parcel.Split(Key, Policy));
        members[0].ExpectMsg<byte[]>().ShouldBe(Policy);
        members[1].ExpectMsg<byte[]>().ShouldBe(Policy);
        Get(members[2]);
        members[2].ExpectMsg<byte[]>().ShouldBe(Policy);
        _play.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void Policy_AnotherVersion_IsFetched()
    {
        TestProbe member = CreateTestProbe();
        Get(member);
        Send(Parcel.Split(Key, Policy));
        member.ExpectMsg<byte[]>();
        byte[] next = [1, 2, 3];
        ParcelKey key = ParcelKey.Of(Key.Name, next);
        _policies.Tell(new GetPolicy("run", key, _play.Ref), member.Ref);
        _play.ExpectMsg<SendPolicy>().Policy.ShouldBe(Key);
        _play.ExpectMsg<SendPolicy>().Policy.ShouldBe(key);
        Send(Parcel.Split(key, next));
        member.ExpectMsg<byte[]>().ShouldBe(next);
    }

    /// <summary>Bytes that are not those that were sent, or of which a part is lost, are no policy; the next play asks again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Policy_DamagedOrLost_IsNotHandedOut(int part)
    {
        TestProbe member = CreateTestProbe(), later = CreateTestProbe(), nextPlay = CreateTestProbe();
        Get(member);
        Parcel[] parcels = [.. Parcel.Split(Key, Policy)];
        parcels.Length.ShouldBe(3);
        Parcel damaged = parcels[part] with { Bytes = [.. parcels[part].Bytes] };
        damaged.Bytes[0] ^= 1;
        Send([.. parcels[..part], damaged, .. parcels[(part + 1)..]]);
        Send([.. parcels[..part], .. parcels[(part + 1)..]]);
        _policies.Tell(new GetPolicy("run", Key, nextPlay.Ref), later.Ref);
        nextPlay.ExpectMsg<SendPolicy>();
        (member.HasMessages, later.HasMessages).ShouldBe((false, false));
        Send(parcels);
        member.ExpectMsg<byte[]>().ShouldBe(Policy);
        later.ExpectMsg<byte[]>().ShouldBe(Policy);
    }

    /// <summary>More than is held: what was asked for longest ago is fetched again.</summary>
    [Fact]
    public void Policies_OfOtherRuns_AreForgottenInTheirOrder()
    {
        TestProbe member = CreateTestProbe();
        Get(member);
        Send(Parcel.Split(Key, Policy));
        member.ExpectMsg<byte[]>();
        byte[] other = [.. Policy.Reverse()];
        ParcelKey otherKey = ParcelKey.Of("policy-1", other);
        _policies.Tell(new GetPolicy("run", otherKey, _play.Ref), member.Ref);
        Send(Parcel.Split(otherKey, other));
        member.ExpectMsg<byte[]>().ShouldBe(other);
        _policies.Tell(new GetPolicy("run", otherKey, _play.Ref), member.Ref);
        member.ExpectMsg<byte[]>().ShouldBe(other);
        _play.ExpectMsg<SendPolicy>();
        _play.ExpectMsg<SendPolicy>();
        Get(member);
        _play.ExpectMsg<SendPolicy>().Policy.ShouldBe(Key);
    }

    private void Get(TestProbe member) => _policies.Tell(new GetPolicy("run", Key, _play.Ref), member.Ref);

    private void Send(IEnumerable<Parcel> parcels)
    {
        foreach (Parcel parcel in parcels)
        {
            _policies.Tell(parcel, _play.Ref);
        }
    }
}

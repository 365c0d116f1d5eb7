using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Tests.Serialization;

public sealed class MemberMessageFormatTests() : MessageFormatTest("AkkaLb.Agents.Plays.")
{
    public static TheoryData<object, string, string> Golden => new()
    {
        {
            new ToMember("r", "player-3", 5, new PlayerCommands.Settle(new(3))), "member/1",
            "017208706c617965722d33050f706c617965722e736574746c652f3103"
        },
        {
            new BeginMember(new LoadBalancerPlan(new(1), "sed", 7, 3, "sed.3")), "member-begin/1",
            "146c6f61642d62616c616e6365722e706c616e2f32010373656407000000000000000300000000000000057365642e3300"
        },
        { EndMember.Instance, "member-end/1", "" },
        { new MemberBegun("player-3"), "member-begun/1", "08706c617965722d33" },
        { new MemberFailed("why"), "member-failed/1", "03776879" },
        { new SendPolicy(new("policy-2", "abc")), "member-send-policy/1", "08706f6c6963792d3203616263" },
        { new Parcel(new("policy-2", "abc"), 1, 3, [7, 8]), "member-parcel/1", "08706f6c6963792d32036162630103020708" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Message_EveryType_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        HasGoldenBytes(message, manifest, bytes);

    [Fact]
    public void Messages_OfTheFamily_AllHaveBytesAndTheSerializer() => AreAllThere(Golden.Select(row => row[0]));

    [Fact]
    public void BeginMember_WithAPlanOfTheVersionBefore_IsRead()
    {
        byte[] bytes = Convert.FromHexString(
            "146c6f61642d62616c616e6365722e706c616e2f31010373656407000000000000000300000000000000057365642e33");
        ((BeginMember)WireFormat.Formats.Read(bytes, "member-begin/1")).Plan.ShouldBe(new LoadBalancerPlan(new(1), "sed", 7, 3, "sed.3"));
    }

    [Fact]
    public void Member_OfAPlanThatIsNone_IsRefused()
    {
        byte[] bytes = WireFormat.Formats.Write(new ToMember("r", "player-3", 5, new PlayerCommands.Settle(new(3))));
        bytes[^2] = (byte)'2';
        Should.Throw<InvalidDataException>(() => WireFormat.Formats.Read(bytes, "member/1"));
    }
}

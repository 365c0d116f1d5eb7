using Akka.Actor;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Serialization;

/// <summary>Messages between nodes: nodes of different versions talk to each other while a cluster is renewed.</summary>
public class WireFormatTests
{
    /// <summary>These bytes are never changed. A new version of a message gets another row.</summary>
    public static TheoryData<object, string, string> LinkAgents => new()
    {
        { new LinkAgentCommands.AdoptPolicy(new(3), 300, 2, null, [7, 8]), "link-adopt/1", "03ac02020001020708" },
        {
            new LinkAgentCommands.ObserveLoad(new(3), 300, 5, 2, [0.5], [true], 1.5, IsProbe: true), "link-observe/1",
            "03ac02050201000000000000e03f0101000000000000f83f01"
        },
        { new LinkAgentCommands.RequestHiddenState(new(3), new(130), 300, 1), "link-request/1", "038201ac0201" },
        { new LinkAgentCommands.SwitchLayer(new(3), 300, true), "link-switch/1", "03ac0201" },
        { new LinkAgentCommands.ReceiveHiddenState(new(3), new(130), 300, 1, [0.5f, -1]), "link-state/1",
            "038201ac0201020000003f000080bf" },
        { new LinkAgentCommands.TakeActions(new(3), 300, [-1, 2]), "link-act/1", "03ac0202ffffffff0f02" },
        { new LinkAgentCommands.CloseEpisodes(new(3), 300, [0.5]), "link-close/1", "03ac0201000000000000e03f" },
        { new LinkAgentCommands.StoreEpisodes(new(3), 300), "link-store/1", "03ac02" },
        { new LinkAgentCommands.KeepSnapshot(new(3)), "link-snapshot/1", "03" },
        {
            new LinkAgentEvents.WeightsDecided(new(3), 300, [new(0.5f, -1)], [new Decision(2, 0.5f)], [1.5], new(1, 2, 3)),
            "link-decided/1",
            "03ac02020000003f000080bf01020000003f01000000000000f83f010203"
        },
        {
            new LinkAgentEvents.LogitsComputed(new(3), 300, [new(0.5f, -1)], [0.5f], new(1, 2, 3)), "link-logits/1",
            "03ac02020000003f000080bf010000003f010203"
        },
        { new LinkAgentEvents.StateCompared(new(3), 300, 1, true), "link-compared/1", "03ac020101" },
        { new LinkAgentEvents.ActionsTaken(new(3), 300, [1.5]), "link-acted/1", "03ac0201000000000000f83f" },
        { new LinkAgentEvents.EpisodesClosed(new(3), 300, [new(0.5f, -1)]), "link-closed/1", "03ac02020000003f000080bf" },
        { new LinkAgentEvents.EpisodesStored(new(3), 300, [7, 8]), "link-stored/1", "03ac0201020708" },
        { new LinkAgentEvents.PolicyAdopted(new(3), 300), "link-adopted/1", "03ac02" },
        { new LinkAgentEvents.LinkAgentRestarted(new(3)), "link-restarted/1", "03" },
        { new LinkAgentEvents.LinkAgentFailed(new(3), "x"), "link-failed/1", "030178" },
    };

    /// <inheritdoc cref="LinkAgents"/>
    public static TheoryData<object, string, string> Placement => new()
    {
        { new Frame("r", 300, 2, 5, 1, 3, [7, 8]), "frame/1", "0172ac0202050103020708" },
        { new SharedHiddenState(new(3), 300, 1, [0.5f, -1]), "shared-state/1", "03ac0201020000003f000080bf" },
        { new SharedPolicy(new PolicySnapshot(2, [0.5f]), [9]), "shared-policy/1", "02010000003f0109" },
        { new RelayCommands.Attach("r", 300), "relay-attach/1", "0172ac02" },
        { new RelayCommands.Detach("r", 300), "relay-detach/1", "0172ac02" },
        { new RelayCommands.TakePlacement("r", 300, 2, ["n"], [0, 1]), "relay-place/1", "0172ac020201016e020001" },
        {
            new RelayEvents.Hosting("r", 300, 2, [3], [4], 5, 6), "relay-hosting/1", "0172ac020201030104000000000000000506"
        },
        { new RelayEvents.PlacementTaken("r", 300, 2), "relay-placed/1", "0172ac0202" },
        { new WakeLinkAgent("r", 3, 4, 5), "link-wake/1", "0172030405" },
    };

    [Theory]
    [MemberData(nameof(Placement))]
    public void Format_Placement_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        ShouldBeGolden(message, manifest, bytes);

    [Fact]
    public void Golden_Placement_AreAllItsMessages() => Messages("AkkaLb.Agents.Network.Placement")
        .ShouldBe(Placement.Select(row => row[0]!.GetType()).Distinct(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(LinkAgents))]
    public void Format_LinkAgents_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        ShouldBeGolden(message, manifest, bytes);

    [Fact]
    public void Golden_LinkAgents_AreAllTheirMessages() => Messages("AkkaLb.Agents.Network.LinkAgents")
        .ShouldBe(LinkAgents.Select(row => row[0]!.GetType()).Distinct(), ignoreOrder: true);

    /// <summary>A node that is started knows whether it could send all that its agents say.</summary>
    [Fact]
    public void Unserialised_WithoutBindings_NamesEveryMessage()
    {
        using ActorSystem bare = ActorSystem.Create("bare", "akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }");
        WireSerializer.Unserialised(bare).ShouldContain(typeof(LinkAgentCommands.ReceiveHiddenState));
        using ActorSystem bound = ActorSystem.Create(
            "bound", "akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }\n" + WireBindings.Hocon);
        WireSerializer.Unserialised(bound).Where(type => type.Namespace == "AkkaLb.Agents.Network.LinkAgents").ShouldBeEmpty();
    }

    [Property]
    public bool Read_WhatWasWritten_IsTheSame(int link, NonNegativeInt round, float[] floats, double[] doubles, byte[] bytes, bool flag)
    {
        LinkId id = new(Math.Abs(link % 5000));
        return new object[]
        {
            new LinkAgentCommands.AdoptPolicy(id, round.Get, link, bytes, flag ? bytes : null),
            new LinkAgentCommands.ObserveLoad(id, round.Get, link, round.Get, doubles, [.. doubles.Select(d => d > 0)], 1, flag),
            new LinkAgentCommands.ReceiveHiddenState(id, id, round.Get, link, floats),
            new LinkAgentCommands.TakeActions(id, round.Get, [link, round.Get, -1]),
            new LinkAgentEvents.WeightsDecided(
                id, round.Get, [.. floats.Select(f => new LinkObservation(f, -f))], [.. floats.Select(f => new Decision(link, f))], doubles,
                new HorizonTraffic(link, round.Get, 0)),
            new LinkAgentEvents.LogitsComputed(id, round.Get, [], floats, new HorizonTraffic(0, 0, round.Get)),
            new LinkAgentEvents.EpisodesStored(id, round.Get, flag ? bytes : null),
        }.All(IsTheSame);
    }

    /// <summary>
    /// Whatever comes over the wire, the reader says that it is no message, or reads one: it neither hangs nor takes memory for it.
    /// </summary>
    [Property]
    public bool Read_AnyBytes_IsAMessageOrRefused(byte[] bytes) => WireFormat.Formats.Manifests.All(manifest =>
    {
        try
        {
            WireFormat.Formats.Read(bytes, manifest);
            return true;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    });

    /// <summary>Found by the property above: .NET refuses a negative length otherwise than a text that is cut short.</summary>
    [Fact]
    public void Read_TextOfNegativeLength_IsRefused() => Should.Throw<InvalidDataException>(
        () => WireFormat.Formats.Read([0, 0, 0, 0, 128, 128, 128, 128, 8], "async-deliver/1"))
        .Message.ShouldBe("9 bytes are no 'async-deliver/1'");

    internal static void ShouldBeGolden(object message, string manifest, string bytes)
    {
        WireFormat.Formats.ManifestOf(message).ShouldBe(manifest);
        Convert.ToHexStringLower(WireFormat.Formats.Write(message)).ShouldBe(bytes);
        object read = WireFormat.Formats.Read(Convert.FromHexString(bytes), manifest);
        read.ShouldBeOfType(message.GetType());
        WireFormat.Formats.Write(read).ShouldBe(Convert.FromHexString(bytes));
    }

    /// <summary>The types of messages of a namespace.</summary>
    internal static IEnumerable<Type> Messages(string within) => typeof(IMessage).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IMessage)) && type.Namespace == within);

    internal static bool IsTheSame(object message)
    {
        byte[] bytes = WireFormat.Formats.Write(message);
        object read = WireFormat.Formats.Read(bytes, WireFormat.Formats.ManifestOf(message));
        return read.GetType() == message.GetType() && WireFormat.Formats.Write(read).AsSpan().SequenceEqual(bytes);
    }
}

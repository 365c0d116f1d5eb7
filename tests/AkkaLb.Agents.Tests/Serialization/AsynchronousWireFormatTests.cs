using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Serialization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Serialization;

public class AsynchronousWireFormatTests
{
    /// <summary>These bytes are never changed. A new version of a message gets another row.</summary>
    public static TheoryData<object, string, string> Golden => new()
    {
        { new AsynchronousLinkAgentPlan(new(3), new("asynchronous", "abc")), "async-plan/1", "030c6173796e6368726f6e6f757303616263" },
        { new AsynchronousCommands.OpenSlice(new(3), 2, 300, new byte[] { 7, 8 }), "async-open/1", "0302ac02020708" },
        { new AsynchronousCommands.CloseSlice(new(3), 2, 300), "async-close/1", "0302ac02" },
        {
            new AsynchronousCommands.Deliver(new(3), 2, 4, 300, new AsynchronousCommands.Wake(new(3), 300)), "async-deliver/1",
            "030204ac020c6173796e632d77616b652f310303ac02"
        },
        {
            new AsynchronousCommands.PublishLoad(new(3), 0.5, 2, 1.25, 1), "async-load/1",
            "03000000000000e03f02000000000000f43f000000000000f03f"
        },
        { new AsynchronousCommands.RequestState(new(3), new(130), 4, 1, 2), "async-request/1", "038201040102" },
        { new AsynchronousCommands.ReceiveState(new(3), new(130), 4, 1, 2, [0.5f, -1]), "async-state/1", "038201040102020000003f000080bf" },
        { new AsynchronousCommands.Wake(new(3), 300), "async-wake/1", "03ac02" },
        {
            new AsynchronousEvents.Handled(
                new(3), 2, 4, [new AsynchronousCommands.Wake(new(3), 300), new AsynchronousEvents.WeightSet(new(3), 4, 1, -0.5f, 1.25)]),
            "async-handled/1",
            "030204020c6173796e632d77616b652f310303ac020e6173796e632d7765696768742f310f030401000000bf000000000000f43f"
        },
        { new AsynchronousEvents.WeightSet(new(3), 4, 1, -0.5f, 1.25), "async-weight/1", "030401000000bf000000000000f43f" },
        { new AsynchronousEvents.SliceClosed(new(3), 2, new byte[] { 7, 8 }), "async-closed/1", "0302020708" },
        { new AsynchronousEvents.AgentRestarted(new(3)), "async-restarted/1", "03" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Format_EveryMessage_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        WireFormatTests.ShouldBeGolden(message, manifest, bytes);

    [Fact]
    public void Golden_HasEveryMessage() => WireFormatTests.Messages("AkkaLb.Agents.Network.Asynchronous")
        .ShouldBe(Golden.Select(row => row[0]!.GetType()).Distinct(), ignoreOrder: true);

    [Property]
    public bool Read_WhatWasWritten_IsTheSame(
        NonNegativeInt link, NonNegativeInt count, int any, long time, double number, float[] state, byte[] bytes)
    {
        IAsynchronousMessage[] inner =
        [
            new AsynchronousCommands.PublishLoad(new(link.Get), number, count.Get, -number, number),
            new AsynchronousCommands.RequestState(new(link.Get), new(count.Get), any, any, count.Get),
            new AsynchronousCommands.ReceiveState(new(link.Get), new(count.Get), any, count.Get, any, [.. state]),
            new AsynchronousCommands.Wake(new(link.Get), time),
            new AsynchronousEvents.WeightSet(new(link.Get), count.Get, any, (float)number, number),
        ];
        IAsynchronousMessage[] outer =
        [
            .. inner,
            .. inner.Select(message => new AsynchronousCommands.Deliver(new(link.Get), count.Get, any, time, message)),
            new AsynchronousEvents.Handled(new(link.Get), any, count.Get, [.. inner]),
            new AsynchronousCommands.OpenSlice(new(link.Get), any, time, bytes),
            new AsynchronousCommands.CloseSlice(new(link.Get), any, time),
            new AsynchronousEvents.SliceClosed(new(link.Get), any, bytes),
            new AsynchronousEvents.AgentRestarted(new(link.Get)),
        ];
        return outer.All(WireFormatTests.IsTheSame);
    }

    [Fact]
    public void Read_AMessageWithinThatIsNone_IsRefused()
    {
        byte[] bytes = [3, 2, 4, 0, .. WireFormat.Formats.Write(new AsynchronousCommands.Wake(new(3), 300))];
        Should.Throw<InvalidDataException>(() => WireFormat.Formats.Read(bytes, "async-deliver/1"));
    }
}

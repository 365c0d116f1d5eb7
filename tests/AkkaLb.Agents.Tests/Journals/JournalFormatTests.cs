using System.Collections.Immutable;
using AkkaLb.Agents.DataCenter.LiveBalancers;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Game.Players;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Agents.Journals;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Tests.Journals;

public class JournalFormatTests
{
    private static readonly AgentSnapshot Snapshot = new(3, ImmutableSortedDictionary<string, long>.Empty.Add("policy-adopted", 2), [5, 6]);

    private static readonly EventBlock Block = new(
        "link-3",
        2,
        [
            EncodedEvent.Of(new LinkAgentJournal.PolicyAdopted(7)),
            EncodedEvent.Of(new RunEvents.RunStopped(150)),
            EncodedEvent.Of(new LinkAgentJournal.PolicyAdopted(8)),
        ]);

    /// <summary>
    /// What was ever stored must stay readable: these bytes are never changed. A new version of an event gets another row.
    /// </summary>
    public static TheoryData<object, string, string> Golden => new()
    {
        { new RunEvents.RunStarted("quickstart", "samaroh", 1), "run-started/1", "0a717569636b73746172740773616d61726f680100000000000000" },
        { new RunEvents.RunResumed(300), "run-resumed/1", "ac02" },
        { new RunEvents.EpisodeFinished(5, 0.25, 0.125, 0.75, 2), "episode-finished/1",
            "05000000000000d03f000000000000c03f000000000000e83f02" },
        { new RunEvents.CheckpointWritten("checkpoint", "ab", 75), "checkpoint-written/1", "0a636865636b706f696e740261624b" },
        { new RunEvents.PolicyTaken("policy", "ab"), "policy-taken/1", "06706f6c696379026162" },
        { new RunEvents.RunStopped(150), "run-stopped/1", "9601" },
        { new RunEvents.RunFinished(1), "run-finished/1", "01" },
        { new PlayerJournal.JobPlaced(3, 1.5, [0.5, 2]), "job-placed/1", "03000000000000f83f02000000000000e03f0000000000000040" },
        { new LinkAgentJournal.PolicyAdopted(7), "policy-adopted/1", "07" },
        { new LinkAgentJournal.WeightsDecided(200, 3, [1, 1.25]), "weights-decided/2", "c8010302000000000000f03f000000000000f43f" },
        {
            new LinkAgentJournal.WeightsDecided(200, 3, [1.25], new LinkAgentJournal.EpisodeMemory(1.5, [7, 8])), "weights-decided/2",
            "c8010301000000000000f43f000000000000f83f020708"
        },
        { new LinkAgentJournal.MemoryTrained(2, [7, 8]), "memory-trained/1", "02020708" },
        { new LinkAgentJournal.MemoryChanged(6, 1.5,
            new([new ExperienceEntry(new ExperienceKey(1, 20), 2, 3, [0.5f, 1], [2])], [new ExperienceKey(0, 4)])), "memory-changed/1",
            "06000000000000f83f0101140200000003020000003f0000803f0100000040010004" },
        { new LinkAgentJournal.MemoryRecalled(new([new ExperienceEntry(new ExperienceKey(1, 20), 2, 3, [0.5f, 1], [2])],
            [new ExperienceKey(0, 4)])), "memory-recalled/1", "0101140200000003020000003f0000803f0100000040010004" },
        { new AsynchronousJournal.MemoryTaken(new byte[] { 7, 8 }), "memory-taken/1", "020708" },
        {
            new AsynchronousJournal.SliceDecided(300, 20, [2, 0], [1.25, 1], new byte[] { 5, 6 }, new byte[] { 7 }, 9), "slice-decided/1",
            "ac021402020002000000000000f43f000000000000f03f020506010709"
        },
        {
            new AsynchronousJournal.SlicePlayed(
                300, [new NetworkSample(200, 1, true, 0.5, 0.25, 0.75, 8, 20, 3, 300, 400, 20)], new byte[] { 5, 6 }),
            "slice-played/1", "ac0201c8010101000000000000e03f000000000000d03f000000000000e83f081403ac02900314020506"
        },
        { new AsynchronousJournal.DecisionsOrdered(300, [2, 0, 200]), "decisions-ordered/1", "ac02030200c801" },
        { new RunEvents.EpisodeTrained(6, 0.75), "episode-trained/1", "06000000000000e83f" },
        { new LoadBalancerJournal.WeightsSet(2, [0.5f, 2]), "weights-set/1", "02020000003f00000040" },
        {
            new LoadBalancerJournal.WeightsDecided(0, 2, [0.5f, 2, 1, 1]), "weights-decided-by-lb/1",
            "0002040000003f000000400000803f0000803f"
        },
        { new LoadBalancerJournal.ConnectionsOpened(0, [3, 300], 1, 0x1234), "connections-opened/1", "000203ac02013412000000000000" },
        {
            new ServerJournal.RoundsEnded(1, 1000, [2, 0], [2, 0], [0.5, 2], [1.5, 0.5], 0.25), "rounds-ended/1",
            "01e80702020002020002000000000000e03f000000000000004002000000000000f83f000000000000e03f000000000000d03f"
        },
        {
            new LiveBalancerJournal.WeightsDecided(2, 1000, "why", [new ServerWeight("a", 0.5f, 20, 2, 100, 1, 300, 0, 0.25f)]),
            "live-weights-decided/1", "02e803000000000000037768790101610000003f0000a041000000400000c84201ac02000000803e"
        },
        {
            new LiveBalancerJournal.CapacitiesLearnt(1000, [new ServerKnowledge("a", 0.5f, [0, 2], [0, 20])]), "capacities-learnt/1",
            "e8030000000000000101610000003f02000000000000000000000000000000400200000000000000000000000000003440"
        },
        {
            new LiveBalancerJournal.ServerStateChanged(1000, "a", "in use", "drained", "by hand"), "server-state-changed/1",
            "e803000000000000016106696e2075736507647261696e65640762792068616e64"
        },
        {
            new LiveBalancerJournal.ModeChanged(1000, "learned", "fallback", "silent"), "mode-changed/1",
            "e803000000000000076c6561726e65640866616c6c6261636b0673696c656e74"
        },
        { Snapshot, "agent-journal/3", "be548a2103010e706f6c6963792d61646f7074656402020506" },
        {
            Block, "block/1",
            "afd2ef39066c696e6b2d33020210706f6c6963792d61646f707465642f310d72756e2d73746f707065642f310300010701029601000108"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Format_EveryType_HasItsGoldenBytes(object stored, string manifest, string bytes)
    {
        JournalFormat.ManifestOf(stored).ShouldBe(manifest);
        Convert.ToHexStringLower(JournalFormat.Write(stored)).ShouldBe(bytes);
        object read = JournalFormat.Read(Convert.FromHexString(bytes), manifest);
        read.ShouldBeOfType(stored.GetType());
        JournalFormat.Write(read).ShouldBe(Convert.FromHexString(bytes));
    }

    [Fact]
    public void Format_EveryEvent_IsThereAndHasGoldenBytes()
    {
        IEnumerable<Type> events = typeof(IJournalEvent).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IJournalEvent)))
            .Concat([typeof(AgentSnapshot), typeof(EventBlock)]);
        HashSet<Type> golden = [.. Golden.Select(row => row[0]!.GetType())];
        events.ShouldAllBe(type => JournalFormat.Types.Contains(type) && golden.Contains(type));
    }

    [Theory]
    [InlineData("07", "policy-adopted/9", "unknown manifest 'policy-adopted/9', expected one of agent-journal/1, ")]
    [InlineData("0707", "policy-adopted/1", "'policy-adopted/1' ends after 1 bytes, found 2")]
    [InlineData("80", "policy-adopted/1", "1 bytes are no 'policy-adopted/1'")]
    [InlineData("0703ffffffff07", "weights-decided/1", "7 bytes are no 'weights-decided/1'")]
    [InlineData("0703ffffffff07", "weights-decided/2", "7 bytes are no 'weights-decided/2'")]
    public void Read_OtherBytes_SaysWhatWasExpected(string bytes, string manifest, string message) =>
        Should.Throw<InvalidDataException>(() =>
            JournalFormat.Read(Convert.FromHexString(bytes), manifest)).Message.ShouldStartWith(message);

    /// <summary>Versions that are written no longer.</summary>
    [Theory]
    [InlineData("agent-journal/1", "03010e706f6c6963792d61646f707465640201000000000000000200000000000000")]
    [InlineData("agent-journal/2", "3ea085f803010e706f6c6963792d61646f707465640201000000000000000200000000000000")]
    public void Read_EarlierSnapshot_IsTheSameWithoutAState(string manifest, string bytes) =>
        JournalFormat.Write(JournalFormat.Read(Convert.FromHexString(bytes), manifest)).ShouldBe(
            JournalFormat.Write(Snapshot with { State = [] }));

    [Fact]
    public void Read_EarlierWeightsDecided_IsTheSame()
    {
        var read = (LinkAgentJournal.WeightsDecided)JournalFormat.Read(
            Convert.FromHexString("c8010302000000000000f03f000000000000f43f"), "weights-decided/1");
        (read.Step, read.PolicyVersion, read.Memory).ShouldBe((200, 3, null));
        read.Weights.ShouldBe([1, 1.25]);
    }

    [Fact]
    public void Read_BlockOrSnapshotWithAFlippedBit_IsRefused()
    {
        foreach (object stored in (object[])[Block, Snapshot])
        {
            byte[] bytes = JournalFormat.Write(stored);
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                byte[] flipped = [.. bytes];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Should.Throw<InvalidDataException>(() => JournalFormat.Read(flipped, JournalFormat.ManifestOf(stored)))
                    .Message.ShouldBe("the bytes are not those that were stored: their checksum is another one");
            }
        }
    }

    [Fact]
    public void Write_AnotherType_IsRefused() =>
        Should.Throw<ArgumentException>(() => JournalFormat.Write("text")).Message.ShouldStartWith("System.String has no format");
}

using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Network.Placement;

public class FrameTests
{
    [Fact]
    public void Take_AllPartsInTheirOrder_GivesTheMessages()
    {
        IMessage[] sent = [.. Enumerable.Range(0, 50).Select(link => new SharedHiddenState(new LinkId(link), 3, 1, new float[2000]))];
        Frame[] parts = Split(1, sent);
        parts.Length.ShouldBeGreaterThan(3);
        parts.ShouldAllBe(part => part.Bytes.Length <= MessageParts.MaxPart);
        FrameReader reader = new();
        foreach (Frame part in parts[..^1])
        {
            reader.Take("node", part).ShouldBeEmpty();
        }
        reader.Take("node", parts[^1]).Cast<SharedHiddenState>().Select(state => state.Sender.Index).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public void Take_APartIsLost_GivesNothingAndTheNextFrameWhole()
    {
        IMessage[] sent = [.. Enumerable.Range(0, 50).Select(link => new SharedHiddenState(new LinkId(link), 3, 1, new float[2000]))];
        Frame[] first = Split(1, sent), second = Split(2, sent);
        FrameReader reader = new();
        foreach (Frame part in first.Where(part => part.Part != 1).Concat(second[..^1]))
        {
            reader.Take("node", part).ShouldBeEmpty();
        }
        reader.Take("node", second[^1]).Count.ShouldBe(50);
    }

    /// <summary>Two nodes send at once.</summary>
    [Fact]
    public void Take_PartsOfTwoSendersMixed_GivesBoth()
    {
        IMessage[] sent = [.. Enumerable.Range(0, 50).Select(link => new SharedHiddenState(new LinkId(link), 3, 1, new float[2000]))];
        FrameReader reader = new();
        int read = 0;
        foreach ((Frame one, Frame other) in Split(1, sent).Zip(Split(1, sent)))
        {
            read += reader.Take("one", one).Count + reader.Take("other", other).Count;
        }
        read.ShouldBe(100);
    }

    [Property]
    public bool Take_AnyBytes_AreMessagesOrRefused(byte[] bytes)
    {
        try
        {
            new FrameReader().Take("node", new Frame("run", 1, 1, 1, 0, 1, bytes));
            return true;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static Frame[] Split(long number, IMessage[] messages)
    {
        FrameWriter writer = new();
        foreach (IMessage message in messages)
        {
            writer.Add(message);
        }
        writer.Count.ShouldBe(messages.Length);
        return [.. Frame.Split("run", 1, 1, number, writer.Take())];
    }
}

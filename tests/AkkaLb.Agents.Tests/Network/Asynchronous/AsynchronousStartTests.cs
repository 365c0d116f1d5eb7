using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Tests.Network.Asynchronous;

/// <summary>What agents on other nodes begin with is what those here do.</summary>
public sealed class AsynchronousStartTests
{
    private static readonly AsynchronousOptions Options = new()
    {
        Threshold = 0.5, Burst = 2, Cooldown = 3, Budget = 4, SampleShare = 0.25, LargestRatio = 5, OwnWeightIsOne = true, DeltaFactor = 6,
        Patience = 8,
        FirstEpisode = 7, Rounds = 8, LaterBudget = 9, LaterTemperature = 10,
    };

    [Fact]
    public void Options_OfTheTest_DifferFromAllDefaults()
    {
        AsynchronousOptions usual = new();
        typeof(AsynchronousOptions).GetProperties().Where(property => property.CanWrite)
            .ShouldAllBe(property => !property.GetValue(Options)!.Equals(property.GetValue(usual)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Start_OfALink_HasItsMemoryAndAllElse(int link)
    {
        PolicySnapshot policy = new(8, [0.5f, -1]);
        byte[][] memories = [[1], [], [2, 3]];
        byte[] bytes = AsynchronousStart.Write(policy, memories, Options, 9);
        AsynchronousStart read = AsynchronousStart.Read(bytes, new(link));
        (read.Policy.Version, read.Seed).ShouldBe((8, 9UL));
        read.Policy.All.ToArray().ShouldBe([0.5f, -1]);
        read.Options.ShouldBe(Options);
        read.Memory.ShouldBe(memories[link]);
    }

    [Fact]
    public void Start_WithoutMemories_HasNone() =>
        AsynchronousStart.Read(AsynchronousStart.Write(new PolicySnapshot(0, [1]), null, Options, 9), new(2)).Memory.ShouldBeNull();
}

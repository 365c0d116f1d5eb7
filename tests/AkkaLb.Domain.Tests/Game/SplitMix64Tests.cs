using AkkaLb.Domain.Game;

namespace AkkaLb.Domain.Tests.Game;

public class SplitMix64Tests
{
    [Theory]
    [InlineData(0, 16294208416658607535, 7960286522194355700, 487617019471545679)]
    [InlineData(1234567, 6457827717110365317, 3203168211198807973, 9817491932198370423)]
    public void NextUInt64_SpecifiedSeed_IsTheSpecifiedSequence(ulong seed, ulong first, ulong second, ulong third)
    {
        var generator = new SplitMix64(seed);
        new[] { generator.NextUInt64(), generator.NextUInt64(), generator.NextUInt64() }.ShouldBe([first, second, third]);
    }

    [Fact]
    public void NextDoubleAndIndex_SeedOne_AreTheSpecifiedSequences()
    {
        var generator = new SplitMix64(1);
        new[] { generator.NextDouble(), generator.NextDouble(), generator.NextDouble() }
            .ShouldBe([0.5665615751722809, 0.7457817572627011, 0.9710027535867962]);
        Picks.Random(5, new SplitMix64(1)).Take(12).ShouldBe([2, 3, 4, 2, 2, 3, 4, 2, 1, 3, 2, 3]);
    }
}

using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

/// <summary>Golden vectors of the specification, appendix A: hash primitives.</summary>
public class DxHashTests
{
    [Theory]
    [InlineData("abc", 9145, 7539, 5805, 5810, 2637, 4360)]
    [InlineData("8dc02e67-0eee-41bc-a804-59ba159fd8ce", 9637, 8940, 8528, 4384, 8816, 1303)]
    [InlineData("1a9db668-a667-45e1-a5b6-e7935d819a15", 9239, 5958, 3803, 5213, 7230, 5378)]
    public void Keys_PublishedSeeds_ArePythons(string seed, params int[] expected)
    {
        var keys = new int[expected.Length];
        DxHash.Keys(new FlowId(seed), "", keys);
        keys.ShouldBe(expected);
    }

    [Fact]
    public void Keys_WithSeed_AreThoseOfTheJoinedText()
    {
        int[] keys = new int[6], joined = new int[6];
        DxHash.Keys(new FlowId("ab"), "12", keys);
        DxHash.Keys(new FlowId("ab12"), "", joined);
        keys.ShouldBe(joined);
    }

    [Fact]
    public void NextUInt32_PublishedSeed_GivesPythonsRawOutputs()
    {
        var random = new PythonRandom("abc");
        uint[] words = [random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32()];
        words.ShouldBe([3315820543, 4246262336, 2397318194, 1976556168]);
    }

    // random.seed("abc"); [random.getrandbits(32) for _ in range(2000)][-1] in CPython: beyond two regenerations of the state.
    [Fact]
    public void NextUInt32_ManyWords_StaysPythons()
    {
        var random = new PythonRandom("abc");
        uint last = 0;
        for (int i = 0; i < 2000; i++)
        {
            last = random.NextUInt32();
        }

        last.ShouldBe(2986633999u);
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(1, 3523407757u)]
    [InlineData(10000, 1295764014u)]
    public void Crc_PublishedKeys_AreThePublishedValues(int key, uint expected) => DxHash.Crc(key).ShouldBe(expected);

    [Theory]
    [InlineData(1, 0.8203572959)]
    [InlineData(2, 0.2572185395)]
    [InlineData(3, 0.9970985097)]
    [InlineData(4, 0.1299571460)]
    public void Crc_PublishedKeys_AreThePublishedShares(int key, double expected) =>
        (DxHash.Crc(key) / 4294967296.0).ShouldBe(expected, 1e-10);

    // The router stores hash + 1 in 32 bits.
    [Fact]
    public void Crc_AnyKey_IsBelowTheLargestWord() =>
        Enumerable.Range(0, DxHash.KeyRange).Count(key => DxHash.Crc(key) == uint.MaxValue).ShouldBe(0);
}

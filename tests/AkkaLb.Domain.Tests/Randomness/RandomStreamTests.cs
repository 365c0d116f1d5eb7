using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.Randomness;

public class RandomStreamTests
{
    // Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_PublishedCounters_GivesPublishedWords(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3) =>
        Philox4x32.Block(c0, c1, c2, c3, k0, k1).ShouldBe((w0, w1, w2, w3));

    // Pins the addressing: a change here would silently change every stored run.
    [Fact]
    public void NextUInt32_DocumentedAddress_IsTheDocumentedBlock()
    {
        const ulong seed = 0x1122334455667788;
        ulong nameHash = 0xAF63DC4C8601EC8C; // FNV-1a of "a"
        (uint k0, uint k1, _, _) = Philox4x32.Block(0x55667788, 0x11223344, (uint)nameHash, (uint)(nameHash >> 32), 0, 0);
        (uint _, uint _, uint w2, uint w3) = Philox4x32.Block(5, 0, 9, 0, k0, k1);

        var stream = new RandomStream(seed, "a", substream: 9) { Position = 22 };

        stream.NextUInt32().ShouldBe(w2);
        stream.NextUInt32().ShouldBe(w3);
        stream.Position.ShouldBe(24UL);
    }

    [Fact]
    public void Position_SetBack_RepeatsTheSameWords()
    {
        var stream = new RandomStream(1, "environment");
        uint[] straight = Words(stream, 40);
        for (int start = 0; start < 40; start++)
        {
            stream.Position = (ulong)start;
            Words(stream, 40 - start).ShouldBe(straight[start..]);
        }
    }

    [Fact]
    public void MoveTo_Substream_EqualsOpeningIt()
    {
        var moved = new RandomStream(7, "agent/3");
        Words(moved, 5);
        moved.MoveTo(12, 3);
        Words(moved, 9).ShouldBe(Words(new RandomStream(7, "agent/3", 12) { Position = 3 }, 9));
    }

    [Fact]
    public void Streams_AnyPartOfTheAddressDiffers_WordsDiffer()
    {
        uint[] words = Words(new RandomStream(1, "agent/1", 1), 8);
        Words(new RandomStream(2, "agent/1", 1), 8).ShouldNotBe(words);
        Words(new RandomStream(1, "agent/2", 1), 8).ShouldNotBe(words);
        Words(new RandomStream(1, "agent/1", 2), 8).ShouldNotBe(words);
        Words(new RandomStream(1, "agent/1", 1) { Position = 1 }, 8).ShouldNotBe(words);
    }

    [Fact]
    public void NextDouble_ManyDraws_AreUniform()
    {
        var stream = new RandomStream(3, "uniform");
        const int n = 100_000;
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            double x = stream.NextDouble();
            x.ShouldBeInRange(0, 1 - 1e-16);
            sum += x;
            squares += x * x;
        }

        (sum / n).ShouldBe(0.5, 0.004);
        (squares / n).ShouldBe(1.0 / 3, 0.004);
    }

    [Fact]
    public void NextGaussian_ManyDraws_HaveUnitMoments()
    {
        var stream = new RandomStream(3, "normal");
        const int n = 100_000;
        double sum = 0, squares = 0, fourths = 0;
        for (int i = 0; i < n; i++)
        {
            double x = stream.NextGaussian();
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
        }

        (sum / n).ShouldBe(0, 0.02);
        (squares / n).ShouldBe(1, 0.02);
        (fourths / n).ShouldBe(3, 0.1);
        stream.Position.ShouldBe(4UL * n);
    }

    [Fact]
    public void NextInt32_SmallRange_HitsEveryValueEqually()
    {
        var stream = new RandomStream(5, "integers");
        var counts = new int[6];
        for (int i = 0; i < 60_000; i++)
        {
            counts[stream.NextInt32(6)]++;
        }

        counts.ShouldAllBe(count => Math.Abs(count - 10_000) < 400);
        Should.Throw<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    [Fact]
    public void Shuffle_ManyTimes_AllPermutationsAppearEqually()
    {
        var stream = new RandomStream(6, "shuffle");
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < 24_000; i++)
        {
            int[] items = [1, 2, 3, 4];
            stream.Shuffle<int>(items);
            int key = items.Aggregate(0, (code, item) => code * 10 + item);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        counts.Count.ShouldBe(24);
        counts.Values.ShouldAllBe(count => Math.Abs(count - 1000) < 160);
    }

    private static uint[] Words(RandomStream stream, int count)
    {
        var words = new uint[count];
        for (int i = 0; i < count; i++)
        {
            words[i] = stream.NextUInt32();
        }

        return words;
    }
}

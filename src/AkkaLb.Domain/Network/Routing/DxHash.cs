namespace AkkaLb.Domain.Network;

/// <summary>
/// The reference's weighted consistent hash (specification section 6.4). A flow draws keys k₀, k₁, … from a generator seeded with its id,
/// the same sequence at every node. With the list C of candidates: key k draws candidate k mod |C|, which is accepted if CRC-32(k zero
/// bytes) / 2³² &lt; w / max w, and otherwise leaves the list.
/// </summary>
internal static class DxHash
{
    /// <summary>Keys are uniform in [0, <see cref="KeyRange"/>).</summary>
    public const int KeyRange = 10001;

    private static readonly uint[] CrcOfZeros = TabulateCrc();

    /// <summary>The first keys of a flow.</summary>
    /// <param name="flow">The flow's id.</param>
    /// <param name="seed">Appended to the id; decimal digits, or empty as in training.</param>
    /// <param name="keys">Filled with the sequence.</param>
    public static void Keys(FlowId flow, string seed, Span<int> keys)
    {
        var random = new PythonRandom(flow.Value + seed);
        foreach (ref int key in keys)
        {
            key = random.Next(KeyRange);
        }
    }

    /// <summary>CRC-32 (IEEE 802.3) of <paramref name="key"/> zero bytes. A key is accepted if this / 2³² is below w / max w.</summary>
    public static uint Crc(int key) => CrcOfZeros[key];

    private static uint[] TabulateCrc()
    {
        var crcs = new uint[KeyRange];
        uint register = 0xFFFFFFFF;
        for (int length = 0; length < KeyRange; length++)
        {
            crcs[length] = ~register;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register >> 1) ^ ((register & 1) != 0 ? 0xEDB88320u : 0);
            }
        }

        return crcs;
    }
}

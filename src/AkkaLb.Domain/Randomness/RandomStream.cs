namespace AkkaLb.Domain.Randomness;

/// <summary>
/// One named stream of random numbers. A stream is addressed by (seed, name, substream, position in 32-bit words), every value is a
/// pure function of that address, and moving to another address costs nothing. So the numbers an agent draws depend neither on
/// the number of threads nor on who drew before, and a checkpoint needs to store the address only.
/// </summary>
/// <remarks>
/// Addressing, fixed for good because stored runs depend on it: the 64-bit Philox key is words 0 and 1 of
/// Philox(counter = (seed, FNV-1a-64 of the UTF-8 name), key = 0); the counter of a block is (position / 4, substream).
/// 64-bit quantities are stored low word first. Not safe for use by several threads at once.
/// </remarks>
public sealed class RandomStream
{
    private readonly uint _key0, _key1;
    private uint _w0, _w1, _w2, _w3;
    private ulong _position;
    private bool _blockReady;

    /// <summary>Opens the stream <paramref name="name"/> of a seed, for example <c>"agent/17"</c>, at position 0 of a substream.</summary>
    public RandomStream(ulong seed, string name, ulong substream = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        Substream = substream;
        ulong hash = Fnv1A.Hash(name);
        (_key0, _key1, _, _) = Philox4x32.Block((uint)seed, (uint)(seed >> 32), (uint)hash, (uint)(hash >> 32), 0, 0);
    }

    /// <summary>The independent sequence within the stream, for example the episode number.</summary>
    public ulong Substream { get; private set; }

    /// <summary>Number of 32-bit words before the next one. Setting it seats the stream there.</summary>
    public ulong Position
    {
        get => _position;
        set
        {
            _position = value;
            _blockReady = false;
        }
    }

    /// <summary>Seats the stream at a position of another substream.</summary>
    public void MoveTo(ulong substream, ulong position = 0)
    {
        Substream = substream;
        Position = position;
    }

    /// <summary>A uniform 32-bit word; advances by one word, as every other method is made of these.</summary>
    public uint NextUInt32()
    {
        uint lane = (uint)_position & 3;
        if (lane == 0 || !_blockReady)
        {
            ulong block = _position >> 2;
            (_w0, _w1, _w2, _w3) = Philox4x32.Block(
                (uint)block, (uint)(block >> 32), (uint)Substream, (uint)(Substream >> 32), _key0, _key1);
            _blockReady = true;
        }

        _position++;
        return lane switch { 0 => _w0, 1 => _w1, 2 => _w2, _ => _w3 };
    }

    /// <summary>A uniform 64-bit word; advances by two words, the low one first.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1) with 53 random bits; advances by two words.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    public double NextDouble(double minimum, double maximum) => minimum + (maximum - minimum) * NextDouble();

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>) without bias (Lemire 2019); usually advances by one word.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        uint range = (uint)exclusiveMax;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal (Box–Muller, cosine branch); advances by four words, always, so that positions stay predictable.</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Uniform permutation in place (Fisher–Yates, from the end).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}

using System.Security.Cryptography;
using System.Text;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Python's <c>random.Random(str)</c>, as far as the reference hash needs it: a Mersenne Twister MT19937 (Matsumoto and Nishimura
/// 1998) initialised by array with the big-endian integer of utf8(s) ‖ SHA-512(utf8(s)). Words are generated one by one, because
/// a flow needs a dozen of them and not 624.
/// </summary>
internal sealed class PythonRandom
{
    private const int N = 624, M = 397;
    private readonly uint[] _state = new uint[N];
    private int _next;

    public PythonRandom(string seed)
    {
        byte[] text = Encoding.UTF8.GetBytes(seed);
        InitialiseBy(Words([.. text, .. SHA512.HashData(text)]));
    }

    public uint NextUInt32()
    {
        int following = _next + 1 < N ? _next + 1 : 0, distant = _next + M < N ? _next + M : _next + M - N;
        uint y = (_state[_next] & 0x80000000) | (_state[following] & 0x7FFFFFFF);
        y = _state[_next] = _state[distant] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DFu : 0);
        _next = following;

        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    /// <summary>Uniform in [0, exclusiveMax) the way Python draws it: top bits of a word, too large values rejected.</summary>
    public int Next(int exclusiveMax)
    {
        int shift = int.LeadingZeroCount(exclusiveMax);
        uint value;
        do
        {
            value = NextUInt32() >> shift;
        }
        while (value >= exclusiveMax);

        return (int)value;
    }

    /// <summary>A big-endian integer as its 32-bit words, the low one first, without leading zeros.</summary>
    private static uint[] Words(ReadOnlySpan<byte> bigEndian)
    {
        ReadOnlySpan<byte> significant = bigEndian.TrimStart((byte)0);
        var words = new uint[Math.Max(1, (significant.Length + 3) / 4)];
        for (int i = 0; i < significant.Length; i++)
        {
            words[i / 4] |= (uint)significant[^(i + 1)] << (8 * (i % 4));
        }

        return words;
    }

    private void InitialiseBy(uint[] key)
    {
        uint[] s = _state;
        s[0] = 19650218;
        for (int n = 1; n < N; n++)
        {
            s[n] = 1812433253 * (s[n - 1] ^ (s[n - 1] >> 30)) + (uint)n;
        }

        int i = 1, j = 0;
        for (int k = Math.Max(N, key.Length); k > 0; k--)
        {
            s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1664525)) + key[j] + (uint)j;
            Advance();
            j = j + 1 < key.Length ? j + 1 : 0;
        }

        for (int k = N - 1; k > 0; k--)
        {
            s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1566083941)) - (uint)i;
            Advance();
        }

        s[0] = 0x80000000;

        void Advance()
        {
            if (++i == N)
            {
                s[0] = s[N - 1];
                i = 1;
            }
        }
    }
}

using System.Text;

namespace AkkaLb.Domain.Randomness;

/// <summary>The FNV-1a hash with 64 bits, over UTF-8: turns names into numbers, the same on every machine and in every version.</summary>
internal static class Fnv1A
{
    public static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return hash;
    }
}

namespace AkkaLb.Domain.DataCenter.Guards;

/// <summary>
/// What a job's hash tells of it beside where hashing policies send it: other bits of the same word, so that no draw is added to a job's.
/// </summary>
internal static class JobTraits
{
    private const uint ClientSalt = 0x9E3779B9, MethodSalt = 0x7F4A7C15;

    /// <summary>Which of so many clients sent the job.</summary>
    public static int Client(uint hash, int clients) => (int)((ulong)Mix(hash ^ ClientSalt) * (uint)clients >> 32);

    /// <summary>True for a share of the jobs, independent of their clients.</summary>
    /// <param name="share">0 to 1.</param>
    public static bool IsBelow(uint hash, double share) => Mix(hash ^ MethodSalt) < share * (1L << 32);

    // The finaliser of MurmurHash3, a permutation of 32-bit words (A. Appleby, public domain).
    private static uint Mix(uint word)
    {
        word = (word ^ (word >> 16)) * 0x85EBCA6B;
        word = (word ^ (word >> 13)) * 0xC2B2AE35;
        return word ^ (word >> 16);
    }
}

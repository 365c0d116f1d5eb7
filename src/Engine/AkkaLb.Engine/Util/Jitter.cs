using System.Security.Cryptography;

namespace AkkaLb.Engine;

/// <summary>Spreads retries in time. It decides nothing that a run computes, so it needs no seed.</summary>
internal static class Jitter
{
    /// <summary>A number in [0, 1).</summary>
    internal static double Share() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}

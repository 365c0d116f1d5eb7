using System.Net;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>A number that is a client's own, whatever its connection: 32-bit FNV-1a of its address, mixed.</summary>
internal static class ClientHash
{
    public static uint Of(IPAddress? client)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (client is null || !client.TryWriteBytes(bytes, out int length))
        {
            return 0;
        }
        uint hash = 2166136261;
        foreach (byte b in bytes[..length])
        {
            hash = (hash ^ b) * 16777619;
        }
        hash ^= hash >> 16;
        hash *= 0x7feb352d;
        return hash ^ (hash >> 15);
    }
}

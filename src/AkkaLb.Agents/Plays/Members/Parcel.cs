using System.Security.Cryptography;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>Names bytes that are sent in parts.</summary>
/// <param name="Name">Such as <c>policy-2</c>.</param>
/// <param name="Sha256">Of all of them, in hexadecimal digits.</param>
public sealed record ParcelKey(string Name, string Sha256)
{
    public static ParcelKey Of(string name, byte[] bytes) => new(name, Convert.ToHexStringLower(SHA256.HashData(bytes)));
}

/// <summary>A part of what is too large for one message: policies on their way to nodes, episodes on their way to learners.</summary>
/// <param name="Part">From 0.</param>
public sealed record Parcel(ParcelKey Key, int Part, int Parts, byte[] Bytes) : IMessage
{
    /// <summary>Bytes of a part at most: Akka.Remote drops without a word what is above its maximum-frame-size.</summary>
    public const int MaxPart = 128 << 10;

    public static IEnumerable<Parcel> Split(ParcelKey key, byte[] bytes)
    {
        byte[][] parts = bytes.Length == 0 ? [[]] : [.. bytes.Chunk(MaxPart)];
        return parts.Select((part, k) => new Parcel(key, k, parts.Length, part));
    }
}

/// <summary>Puts the parts of parcels together. Those of a name come in their order, or are lost.</summary>
public sealed class ParcelBox
{
    private readonly Dictionary<string, (ParcelKey Key, List<byte[]> Parts)> _open = new(StringComparer.Ordinal);

    /// <summary>Takes a part.</summary>
    /// <returns>All bytes, when they are there and those that were sent; else null.</returns>
    public byte[]? Take(Parcel parcel)
    {
        string name = parcel.Key.Name;
        if (parcel.Part == 0)
        {
            _open[name] = (parcel.Key, []);
        }
        if (!_open.TryGetValue(name, out (ParcelKey Key, List<byte[]> Parts) open)
            || open.Key != parcel.Key || open.Parts.Count != parcel.Part)
        {
            // A part of it was lost; who waits for it asks again.
            return null;
        }
        open.Parts.Add(parcel.Bytes);
        if (open.Parts.Count < parcel.Parts)
        {
            return null;
        }
        _open.Remove(name);
        byte[] bytes = [.. open.Parts.SelectMany(part => part)];
        return ParcelKey.Of(name, bytes) == parcel.Key ? bytes : null;
    }
}

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
    public static IEnumerable<Parcel> Split(ParcelKey key, byte[] bytes)
    {
        IReadOnlyList<byte[]> parts = MessageParts.Split(bytes);
        return parts.Select((part, k) => new Parcel(key, k, parts.Count, part));
    }
}

/// <summary>Puts the parcels of names together.</summary>
internal sealed class ParcelBox
{
    private readonly PartCollector<string, ParcelKey> _open = new();

    /// <summary>Takes a part.</summary>
    /// <returns>All bytes, when they are there and those that were sent; else null.</returns>
    public byte[]? Take(Parcel parcel) =>
        _open.Take(parcel.Key.Name, parcel.Key, parcel.Part, parcel.Parts, parcel.Bytes) is { } bytes
        && ParcelKey.Of(parcel.Key.Name, bytes) == parcel.Key
            ? bytes
            : null;
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>
/// Messages between two nodes, combined: a message costs some ten microseconds whatever its size, and some hundred of them are owed from
/// node to node in every horizon. A frame that is too large for one message goes in parts.
/// </summary>
/// <param name="Epoch">Of the placement by which it was sent, from 1; a frame of another one counts no longer.</param>
/// <param name="Number">Of the frame, among those of its sender.</param>
/// <param name="Part">From 0.</param>
/// <param name="Bytes">Messages after each other, each with its manifest, or a part of them.</param>
public sealed record Frame(string Run, long Session, int Epoch, long Number, int Part, int Parts, byte[] Bytes) : IMessage
{
    /// <summary>Of a frame that counts whatever the placement is.</summary>
    internal const int AnyEpoch = 0;

    /// <summary>Splits the bytes of messages.</summary>
    internal static IEnumerable<Frame> Split(string run, long session, int epoch, long number, byte[] bytes)
    {
        IReadOnlyList<byte[]> parts = MessageParts.Split(bytes);
        return parts.Select((piece, part) => new Frame(run, session, epoch, number, part, parts.Count, piece));
    }
}

/// <summary>A hidden state for all agents of a node that succeed the sender.</summary>
public sealed record SharedHiddenState(LinkId Sender, int Round, int Iteration, float[] State) : IMessage;

/// <summary>The policy that agents of a node are told to adopt next: once a node and version, not once an agent.</summary>
/// <param name="Sha256">Of the parameters as little-endian floats.</param>
public sealed record SharedPolicy(PolicySnapshot Policy, byte[] Sha256) : IMessage
{
    /// <summary>Whether the parameters are those that were sent.</summary>
    public bool IsSound => Hash(Policy).AsSpan().SequenceEqual(Sha256);

    public static SharedPolicy Of(PolicySnapshot policy) => new(policy, Hash(policy));

    private static byte[] Hash(PolicySnapshot policy) => SHA256.HashData(MemoryMarshal.AsBytes(policy.All));
}

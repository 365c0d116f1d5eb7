using System.Text;
using Akka.Actor;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What a link agent of an asynchronous run begins with.</summary>
/// <param name="Policy">Of all agents.</param>
/// <param name="Memory">Its own, of a two-layer method; null: nothing is remembered.</param>
/// <param name="Seed">Root of all agents' draws.</param>
internal sealed record AsynchronousStart(PolicySnapshot Policy, byte[]? Memory, AsynchronousOptions Options, ulong Seed)
{
    /// <summary>What all agents of a node read theirs from.</summary>
    /// <param name="memories">By link; null: nothing is remembered.</param>
    public static byte[] Write(PolicySnapshot policy, IReadOnlyList<byte[]>? memories, AsynchronousOptions options, ulong seed)
    {
        using MemoryStream stream = new();
        using BinaryWriter w = new(stream, Encoding.UTF8);
        w.Write7BitEncodedInt64(policy.Version);
        w.WriteFloats(policy.All);
        w.Write(options.Threshold);
        w.Write7BitEncodedInt(options.Burst);
        w.Write7BitEncodedInt64(options.Cooldown);
        w.Write7BitEncodedInt(options.Budget);
        w.Write(options.SampleShare);
        w.Write(options.LargestRatio);
        w.Write(options.OwnWeightIsOne);
        w.Write(options.Rounds);
        w.Write(options.LaterBudget);
        w.Write(options.LaterTemperature);
        w.Write(options.DeltaFactor);
        w.Write(options.Patience ?? 0);
        w.Write7BitEncodedInt64(options.FirstEpisode);
        w.Write(seed);
        w.WriteList(memories ?? [], (writer, memory) => writer.WriteBytes(memory));
        w.Flush();
        return stream.ToArray();
    }

    public static AsynchronousStart Read(byte[] bytes, LinkId link)
    {
        using BinaryReader r = new(new MemoryStream(bytes), Encoding.UTF8);
        PolicySnapshot policy = new(r.Read7BitEncodedInt64(), r.ReadFloats());
        AsynchronousOptions options = new()
        {
            Threshold = r.ReadDouble(),
            Burst = r.Read7BitEncodedInt(),
            Cooldown = r.Read7BitEncodedInt64(),
            Budget = r.Read7BitEncodedInt(),
            SampleShare = r.ReadDouble(),
            LargestRatio = r.ReadDouble(),
            OwnWeightIsOne = r.ReadBoolean(),
            Rounds = r.ReadInt32(),
            LaterBudget = r.ReadInt32(),
            LaterTemperature = r.ReadDouble(),
            DeltaFactor = r.ReadDouble(),
            Patience = r.ReadInt64() is > 0 and var patience ? patience : null,
            FirstEpisode = r.Read7BitEncodedInt64(),
        };
        ulong seed = r.ReadUInt64();
        int memories = r.ReadLength(1);
        for (int other = 0; other < link.Index && memories > 0; other++)
        {
            r.BaseStream.Seek(r.ReadLength(1), SeekOrigin.Current);
        }
        return new AsynchronousStart(policy, memories > 0 ? r.ReadByteList() : null, options, seed);
    }
}

/// <summary>A link agent without a global step on a cluster.</summary>
/// <param name="Start">Names what all agents of the run begin with.</param>
public sealed record AsynchronousLinkAgentPlan(LinkId Link, ParcelKey Start) : IMemberPlan
{
    ParcelKey? IMemberPlan.Policy => Start;

    public static string NameOf(LinkId link) => $"link-{link.Index}";

    public Props MakeProps(MemberPlace place)
    {
        NetworkModel model = place.Run.Network ?? throw new InvalidOperationException("the run has no network");
        AsynchronousStart start = AsynchronousStart.Read(place.Policy!, Link);
        return AsynchronousLinkAgentActor.Props(
            model, Link, start.Policy, start.Memory, start.Options, start.Seed, place.Addresses.Play, place.Journal);
    }
}

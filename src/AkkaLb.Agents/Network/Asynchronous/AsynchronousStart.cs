using System.Text;
using Akka.Actor;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Asynchronous;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>What the link agents of an asynchronous run begin with.</summary>
/// <param name="Policy">Of all of them.</param>
/// <param name="Memories">By link, of a two-layer method; null: nothing is remembered.</param>
/// <param name="Seed">Root of their draws.</param>
internal sealed record AsynchronousStart(
    PolicySnapshot Policy, IReadOnlyList<byte[]>? Memories, AsynchronousOptions Options, ulong Seed)
{
    /// <summary>For nodes that host agents.</summary>
    public byte[] Write()
    {
        using MemoryStream stream = new();
        using BinaryWriter w = new(stream, Encoding.UTF8);
        w.Write7BitEncodedInt64(Policy.Version);
        w.WriteFloats(Policy.All);
        w.WriteList(Memories ?? [], (writer, memory) => writer.WriteBytes(memory));
        w.Write(Options.Threshold);
        w.Write7BitEncodedInt(Options.Burst);
        w.Write7BitEncodedInt64(Options.Cooldown);
        w.Write7BitEncodedInt(Options.Budget);
        w.Write(Options.SampleShare);
        w.Write(Options.LargestRatio);
        w.Write(Options.OwnWeightIsOne);
        w.Write(Options.DeltaFactor);
        w.Write7BitEncodedInt64(Options.FirstEpisode);
        w.Write(Seed);
        w.Flush();
        return stream.ToArray();
    }

    public static AsynchronousStart Read(byte[] bytes)
    {
        using BinaryReader r = new(new MemoryStream(bytes), Encoding.UTF8);
        PolicySnapshot policy = new(r.Read7BitEncodedInt64(), r.ReadFloats());
        byte[][] memories = r.ReadList(reader => reader.ReadByteList(), 1);
        AsynchronousOptions options = new()
        {
            Threshold = r.ReadDouble(),
            Burst = r.Read7BitEncodedInt(),
            Cooldown = r.Read7BitEncodedInt64(),
            Budget = r.Read7BitEncodedInt(),
            SampleShare = r.ReadDouble(),
            LargestRatio = r.ReadDouble(),
            OwnWeightIsOne = r.ReadBoolean(),
            DeltaFactor = r.ReadDouble(),
            FirstEpisode = r.Read7BitEncodedInt64(),
        };
        return new AsynchronousStart(policy, memories.Length == 0 ? null : memories, options, r.ReadUInt64());
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
        AsynchronousStart start = AsynchronousStart.Read(place.Policy!);
        return AsynchronousLinkAgentActor.Props(
            model, Link, start.Policy, start.Memories?[Link.Index], start.Options, start.Seed, place.Addresses.Play, place.Journal);
    }
}

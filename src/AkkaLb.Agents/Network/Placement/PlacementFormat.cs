using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Agents.Network.Placement;

/// <summary>The formats of what relays, networks and shards say to each other.</summary>
internal static class PlacementFormat
{
    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<Frame>(
            "frame", 1,
            (w, m) =>
            {
                WriteRun(w, m.Run, m.Session);
                w.Write7BitEncodedInt(m.Epoch);
                w.Write7BitEncodedInt64(m.Number);
                w.Write7BitEncodedInt(m.Part);
                w.Write7BitEncodedInt(m.Parts);
                w.WriteBytes(m.Bytes);
            },
            r => new Frame(
                r.ReadString(), r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(),
                r.Read7BitEncodedInt(), r.ReadByteList()));
        formats.Add<SharedHiddenState>(
            "shared-state", 1,
            (w, m) =>
            {
                w.Write7BitEncodedInt(m.Sender.Index);
                w.Write7BitEncodedInt(m.Round);
                w.Write7BitEncodedInt(m.Iteration);
                w.WriteFloats(m.State);
            },
            r => new SharedHiddenState(new LinkId(r.Read7BitEncodedInt()), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadFloats()));
        formats.Add<SharedPolicy>(
            "shared-policy", 1,
            (w, m) =>
            {
                w.Write7BitEncodedInt64(m.Policy.Version);
                w.WriteFloats(m.Policy.All);
                w.WriteBytes(m.Sha256);
            },
            r => new SharedPolicy(new PolicySnapshot(r.Read7BitEncodedInt64(), r.ReadFloats()), r.ReadByteList()));
        formats.Add<RelayCommands.Attach>(
            "relay-attach", 1, (w, m) => WriteRun(w, m.Run, m.Session),
            r => new RelayCommands.Attach(r.ReadString(), r.Read7BitEncodedInt64()));
        formats.Add<RelayCommands.Detach>(
            "relay-detach", 1, (w, m) => WriteRun(w, m.Run, m.Session),
            r => new RelayCommands.Detach(r.ReadString(), r.Read7BitEncodedInt64()));
        formats.Add<RelayCommands.TakePlacement>(
            "relay-place", 1,
            (w, m) =>
            {
                WriteRun(w, m.Run, m.Session);
                w.Write7BitEncodedInt(m.Epoch);
                w.WriteList(m.Nodes, (n, node) => n.Write(node));
                w.WriteCounts(m.HostOf);
            },
            r => new RelayCommands.TakePlacement(
                r.ReadString(), r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(), r.ReadList(n => n.ReadString(), 1), r.ReadCounts()));
        formats.Add<RelayEvents.Hosting>(
            "relay-hosting", 1,
            (w, m) =>
            {
                WriteRun(w, m.Run, m.Session);
                w.Write7BitEncodedInt(m.Version);
                w.WriteCounts(m.Links);
                w.WriteList(m.Instances, (i, instance) => i.Write(instance));
                w.Write7BitEncodedInt64(m.Frames);
                w.Write7BitEncodedInt64(m.Bytes);
            },
            r => new RelayEvents.Hosting(
                r.ReadString(), r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(), r.ReadCounts(), r.ReadList(i => i.ReadInt64(), 8),
                r.Read7BitEncodedInt64(), r.Read7BitEncodedInt64()));
        formats.Add<RelayEvents.PlacementTaken>(
            "relay-placed", 1, (w, m) => { WriteRun(w, m.Run, m.Session); w.Write7BitEncodedInt(m.Epoch); },
            r => new RelayEvents.PlacementTaken(r.ReadString(), r.Read7BitEncodedInt64(), r.Read7BitEncodedInt()));
        formats.Add<WakeLinkAgent>(
            "link-wake", 1,
            (w, m) =>
            {
                w.Write(m.Run);
                w.Write7BitEncodedInt(m.Link);
                w.Write7BitEncodedInt(m.Cell);
                w.Write7BitEncodedInt(m.Cells);
            },
            r => new WakeLinkAgent(r.ReadString(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt()));
    }

    private static void WriteRun(BinaryWriter writer, string run, long session)
    {
        writer.Write(run);
        writer.Write7BitEncodedInt64(session);
    }
}

using System.Runtime.InteropServices;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// The formats of <see cref="AsynchronousCommands"/>, <see cref="AsynchronousEvents"/> and <see cref="AsynchronousJournal"/>.
/// </summary>
internal static class AsynchronousFormat
{
    /// <summary>Of a sample at least.</summary>
    private const int SampleBytes = 1 + 1 + 1 + 3 * sizeof(double) + 6;

    // What a delivery or its answer holds: none of them holds another in turn.
    private static readonly BinaryFormats Sent = CreateSent();

    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<AsynchronousLinkAgentPlan>(
            "async-plan", 1, (w, m) => { WriteLink(w, m.Link); w.WriteKey(m.Start); },
            r => new AsynchronousLinkAgentPlan(ReadLink(r), r.ReadKey()));
        formats.Add<AsynchronousCommands.OpenSlice>(
            "async-open", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                w.Write7BitEncodedInt(m.Attempt);
                w.Write7BitEncodedInt64(m.Slice);
                w.WriteBytes(m.State.Span);
            },
            r => new AsynchronousCommands.OpenSlice(ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt64(), r.ReadByteList()));
        formats.Add<AsynchronousCommands.CloseSlice>(
            "async-close", 1,
            (w, m) => { WriteLink(w, m.Link); w.Write7BitEncodedInt(m.Attempt); w.Write7BitEncodedInt64(m.Slice); },
            r => new AsynchronousCommands.CloseSlice(ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt64()));
        formats.Add<AsynchronousCommands.Deliver>(
            "async-deliver", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                w.Write7BitEncodedInt(m.Attempt);
                w.Write7BitEncodedInt(m.Ticket);
                w.Write7BitEncodedInt64(m.Time);
                WriteMessage(w, m.Message);
            },
            r => new AsynchronousCommands.Deliver(
                ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt64(), ReadMessage(r)));
        formats.Add<AsynchronousEvents.Handled>(
            "async-handled", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                w.Write7BitEncodedInt(m.Attempt);
                w.Write7BitEncodedInt(m.Ticket);
                w.WriteList(m.Sent, WriteMessage);
            },
            r => new AsynchronousEvents.Handled(
                ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(),
                ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(ReadMessage, 2))));
        formats.Add<AsynchronousEvents.SliceClosed>(
            "async-closed", 1,
            (w, m) => { WriteLink(w, m.Link); w.Write7BitEncodedInt(m.Attempt); w.WriteBytes(m.State.Span); },
            r => new AsynchronousEvents.SliceClosed(ReadLink(r), r.Read7BitEncodedInt(), r.ReadByteList()));
        formats.Add<AsynchronousEvents.AgentRestarted>(
            "async-restarted", 1, (w, m) => WriteLink(w, m.Link), r => new AsynchronousEvents.AgentRestarted(ReadLink(r)));
        AddSent(formats);
    }

    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<AsynchronousJournal.MemoryTaken>(
            "memory-taken", 1, (w, e) => w.WriteBytes(e.Memory.Span), r => new AsynchronousJournal.MemoryTaken(r.ReadByteList()));
        formats.Add<AsynchronousJournal.SliceDecided>(
            "slice-decided", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt64(e.Step);
                w.Write7BitEncodedInt(e.Horizons);
                w.WriteCounts(e.Actions.AsSpan());
                w.WriteDoubles(e.Weights.AsSpan());
                w.WriteBytes(e.State.Span);
                w.WriteBytes(e.Memory.Span);
                w.Write7BitEncodedInt(e.Representatives);
            },
            r => new AsynchronousJournal.SliceDecided(
                r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(), ImmutableCollectionsMarshal.AsImmutableArray(r.ReadCounts()),
                r.ReadDoubleList(), r.ReadByteList(), r.ReadByteList(), r.Read7BitEncodedInt()));
        formats.Add<AsynchronousJournal.DecisionsOrdered>(
            "decisions-ordered", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Slice); w.WriteCounts(e.Links.AsSpan()); },
            r => new AsynchronousJournal.DecisionsOrdered(
                r.Read7BitEncodedInt64(), ImmutableCollectionsMarshal.AsImmutableArray(r.ReadCounts())));
        formats.Add<AsynchronousJournal.SlicePlayed>(
            "slice-played", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.WriteList(e.Samples, WriteSample); w.WriteBytes(e.State.Span); },
            r => new AsynchronousJournal.SlicePlayed(
                r.Read7BitEncodedInt64(),
                ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(ReadSample, SampleBytes)),
                r.ReadByteList()));
    }

    /// <summary>Name and version of its type, then its bytes.</summary>
    public static void WriteMessage(BinaryWriter writer, IAsynchronousMessage message)
    {
        writer.Write(Sent.ManifestOf(message));
        writer.WriteBytes(Sent.Write(message));
    }

    public static IAsynchronousMessage ReadMessage(BinaryReader reader)
    {
        string manifest = reader.ReadString();
        return (IAsynchronousMessage)Sent.Read(reader.ReadByteList(), manifest);
    }

    private static BinaryFormats CreateSent()
    {
        BinaryFormats formats = new();
        AddSent(formats);
        return formats;
    }

    /// <summary>What agents send to each other, by way of their network.</summary>
    private static void AddSent(BinaryFormats formats)
    {
        formats.Add<AsynchronousCommands.PublishLoad>(
            "async-load", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                w.Write(m.Utilisation);
                w.Write7BitEncodedInt(m.Change);
                w.Write(m.Weight);
                w.Write(m.LeastWeight);
            },
            r => new AsynchronousCommands.PublishLoad(
                ReadLink(r), r.ReadDouble(), r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadDouble()));
        formats.Add<AsynchronousCommands.RequestState>(
            "async-request", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                WriteLink(w, m.Successor);
                w.Write7BitEncodedInt(m.Horizon);
                w.Write7BitEncodedInt(m.Iteration);
                w.Write7BitEncodedInt(m.Change);
            },
            r => new AsynchronousCommands.RequestState(
                ReadLink(r), ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt()));
        formats.Add<AsynchronousCommands.ReceiveState>(
            "async-state", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                WriteLink(w, m.Predecessor);
                w.Write7BitEncodedInt(m.Horizon);
                w.Write7BitEncodedInt(m.Iteration);
                w.Write7BitEncodedInt(m.Change);
                w.WriteFloats(m.State.AsSpan());
            },
            r => new AsynchronousCommands.ReceiveState(
                ReadLink(r), ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadFloatList()));
        formats.Add<AsynchronousCommands.Wake>(
            "async-wake", 1,
            (w, m) => { WriteLink(w, m.Link); w.Write7BitEncodedInt64(m.At); },
            r => new AsynchronousCommands.Wake(ReadLink(r), r.Read7BitEncodedInt64()));
        formats.Add<AsynchronousEvents.WeightSet>(
            "async-weight", 1,
            (w, m) =>
            {
                WriteLink(w, m.Link);
                w.Write7BitEncodedInt(m.Horizon);
                w.Write7BitEncodedInt(m.Action);
                w.Write(m.LogProbability);
                w.Write(m.Weight);
            },
            r => new AsynchronousEvents.WeightSet(
                ReadLink(r), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadSingle(), r.ReadDouble()));
    }

    private static void WriteLink(BinaryWriter writer, LinkId link) => writer.Write7BitEncodedInt(link.Index);

    private static LinkId ReadLink(BinaryReader reader) => new(reader.Read7BitEncodedInt());

    private static void WriteSample(BinaryWriter writer, NetworkSample sample)
    {
        writer.Write7BitEncodedInt64(sample.Time);
        writer.Write7BitEncodedInt(sample.Change);
        writer.Write(sample.IsChange);
        writer.Write(sample.Phi);
        writer.Write(sample.MeanUtilisation);
        writer.Write(sample.MaxUtilisation);
        writer.Write7BitEncodedInt(sample.LinksUp);
        writer.Write7BitEncodedInt(sample.Flows);
        writer.Write7BitEncodedInt(sample.Waiting);
        writer.Write7BitEncodedInt64(sample.Requests);
        writer.Write7BitEncodedInt64(sample.States);
        writer.Write7BitEncodedInt64(sample.Horizons);
    }

    private static NetworkSample ReadSample(BinaryReader reader) => new(
        reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt(), reader.ReadBoolean(),
        reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(),
        reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(),
        reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
}

using System.Runtime.InteropServices;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.Serialization;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.LoadBalancers;

/// <summary>
/// The formats of <see cref="LoadBalancerJournal"/>, <see cref="LoadBalancerCommands"/> and <see cref="LoadBalancerEvents"/>.
/// </summary>
internal static class LoadBalancerFormat
{
    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<LoadBalancerJournal.WeightsSet>(
            "weights-set", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.WriteFloats(e.Weights.AsSpan()); },
            r => new(r.Read7BitEncodedInt64(), r.ReadFloatList()));
        formats.Add<LoadBalancerJournal.WeightsDecided>(
            "weights-decided-by-lb", 1,
            (w, e) => { w.Write7BitEncodedInt64(e.Step); w.Write7BitEncodedInt(e.Servers); w.WriteFloats(e.Weights.AsSpan()); },
            r => new(r.Read7BitEncodedInt64(), r.Read7BitEncodedInt(), r.ReadFloatList()));
        formats.Add<LoadBalancerJournal.ConnectionsOpened>(
            "connections-opened", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt64(e.Step);
                w.WriteList(e.Opened, (writer, count) => writer.Write7BitEncodedInt64(count));
                w.Write7BitEncodedInt64(e.Rejected);
                w.Write(e.Choices);
            },
            r => new(
                r.Read7BitEncodedInt64(),
                ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(reader => reader.Read7BitEncodedInt64(), 1)),
                r.Read7BitEncodedInt64(), r.ReadUInt64()));
    }

    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<LoadBalancerPlan>(
            "load-balancer.plan", 1,
            (w, m) =>
            {
                w.WriteLoadBalancer(m.LoadBalancer);
                w.Write(m.Policy);
                w.Write(m.Seed);
                w.Write(m.Episode);
                w.Write(m.Name);
            },
            r => new LoadBalancerPlan(r.ReadLoadBalancer(), r.ReadString(), r.ReadUInt64(), r.ReadUInt64(), r.ReadString()));
        formats.Add<LoadBalancerCommands.Start>(
            "load-balancer.start", 1, (w, m) => w.WriteLoadBalancer(m.LoadBalancer), r => new(r.ReadLoadBalancer()));
        formats.Add<LoadBalancerCommands.SetAvailable>(
            "load-balancer.set-available", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteFlags(m.Available.AsSpan()); },
            r => new(r.ReadLoadBalancer(), ImmutableCollectionsMarshal.AsImmutableArray(r.ReadFlags())));
        formats.Add<LoadBalancerCommands.OpenConnection>(
            "load-balancer.open-connection", 1,
            (w, m) =>
            {
                w.WriteLoadBalancer(m.LoadBalancer);
                w.WriteTicks(m.Time);
                w.WriteJob(m.Job);
                w.Write(m.Truth is not null);
                if (m.Truth is { } truth)
                {
                    w.WriteList(truth, WriteTruth);
                }
            },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.ReadJob())
            {
                Truth = r.ReadBoolean() ? ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(ReadTruth, 22)) : null,
            });
        formats.Add<LoadBalancerCommands.CloseConnection>(
            "load-balancer.close-connection", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.WriteJob(m.Job); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.ReadJob()));
        formats.Add<LoadBalancerCommands.SendProbes>(
            "load-balancer.send-probes", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks()));
        formats.Add<LoadBalancerCommands.TakeReply>(
            "load-balancer.take-reply", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.WriteServer(m.Server); w.WriteReply(m.Reply); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.ReadServer(), r.ReadReply()));
        formats.Add<LoadBalancerCommands.GiveUpProbe>(
            "load-balancer.give-up-probe", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.WriteServer(m.Server); w.WriteTicks(m.Sent); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.ReadServer(), r.ReadTicks()));
        formats.Add<LoadBalancerCommands.Observe>(
            "load-balancer.observe", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.Write7BitEncodedInt(m.Moment); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.Read7BitEncodedInt()));
        formats.Add<LoadBalancerCommands.Decide>(
            "load-balancer.decide", 1, (w, m) => w.WriteLoadBalancer(m.LoadBalancer), r => new(r.ReadLoadBalancer()));
        formats.Add<LoadBalancerCommands.EndEpisode>(
            "load-balancer.end-episode", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.Write(m.HandsOver); },
            r => new(r.ReadLoadBalancer(), r.ReadBoolean()));
        formats.Add<LoadBalancerEvents.EpisodeStored>(
            "load-balancer.episode-stored", 1,
            (w, m) =>
            {
                w.WriteLoadBalancer(m.LoadBalancer);
                w.Write(m.Part is not null);
                if (m.Part is { } part)
                {
                    w.WriteFloats(part.Features);
                    w.WriteFloats(part.Actions);
                    w.WriteFloats(part.Rewards);
                    w.Write7BitEncodedInt64(part.TrajectoryBytes);
                }
            },
            r => new(
                r.ReadLoadBalancer(),
                r.ReadBoolean() ? new EpisodePart(r.ReadFloats(), r.ReadFloats(), r.ReadFloats(), r.Read7BitEncodedInt64()) : null));
    }

    private static void WriteTruth(BinaryWriter writer, ServerTruth truth)
    {
        writer.Write7BitEncodedInt(truth.Present);
        writer.Write(truth.RemainingTime);
        writer.Write7BitEncodedInt(truth.Workers);
        writer.Write(truth.Speed);
        writer.Write(truth.IsUp);
        writer.Write7BitEncodedInt(truth.OnWay.Jobs);
        writer.WriteTicks(truth.OnWay.Processor);
        writer.WriteTicks(truth.OnWay.Disk);
    }

    private static ServerTruth ReadTruth(BinaryReader reader) => new(
        reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.ReadBoolean(),
        new WorkOnWay(reader.Read7BitEncodedInt(), reader.ReadTicks(), reader.ReadTicks()));
}

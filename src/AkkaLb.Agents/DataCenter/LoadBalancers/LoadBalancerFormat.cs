using System.Runtime.InteropServices;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Learning.DataCenter.Agents;
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
            "load-balancer.plan", 2,
            (w, m) =>
            {
                w.WriteLoadBalancer(m.LoadBalancer);
                w.Write(m.Policy);
                w.Write(m.Seed);
                w.Write(m.Episode);
                w.Write(m.Name);
                w.Write(m.Control is not null);
                if (m.Control is { } control)
                {
                    WriteControl(w, control);
                }
            },
            r => ReadPlan(r) with { Control = r.ReadBoolean() ? ReadControl(r) : null });
        formats.AddEarlier("load-balancer.plan", 1, ReadPlan);
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
        formats.Add<LoadBalancerCommands.Watch>(
            "load-balancer.watch", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteFlags(m.Watched.AsSpan()); },
            r => new(r.ReadLoadBalancer(), ImmutableCollectionsMarshal.AsImmutableArray(r.ReadFlags())));
        formats.Add<LoadBalancerCommands.SendChecks>(
            "load-balancer.send-checks", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks()));
        formats.Add<LoadBalancerCommands.TakeCheck>(
            "load-balancer.take-check", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.WriteServer(m.Server); w.Write(m.Passed); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.ReadServer(), r.ReadBoolean()));
        formats.Add<LoadBalancerCommands.Observe>(
            "load-balancer.observe", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteTicks(m.Time); w.Write7BitEncodedInt(m.Moment); },
            r => new(r.ReadLoadBalancer(), r.ReadTicks(), r.Read7BitEncodedInt()));
        formats.Add<LoadBalancerCommands.Decide>(
            "load-balancer.decide", 1, (w, m) => w.WriteLoadBalancer(m.LoadBalancer), r => new(r.ReadLoadBalancer()));
        formats.Add<LoadBalancerCommands.SetWeights>(
            "load-balancer.set-weights", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.WriteFloats(m.Weights.AsSpan()); },
            r => new(r.ReadLoadBalancer(), r.ReadFloatList()));
        formats.Add<LoadBalancerEvents.Observed>(
            "load-balancer.observed", 1,
            (w, m) =>
            {
                w.WriteLoadBalancer(m.LoadBalancer);
                w.Write7BitEncodedInt(m.Moment);
                w.Write(m.Time);
                w.WriteFloats(m.Features);
                w.WriteFlags(m.Available);
            },
            r => new(r.ReadLoadBalancer(), r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadFloats(), r.ReadFlags()));
        formats.Add<LoadBalancerCommands.EndEpisode>(
            "load-balancer.end-episode", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); w.Write(m.HandsOver); },
            r => new(r.ReadLoadBalancer(), r.ReadBoolean()));
        formats.Add<LoadBalancerEvents.FailuresReported>(
            "load-balancer.failures-reported", 1,
            (w, m) => { w.WriteLoadBalancer(m.LoadBalancer); WriteReport(w, m.Report); },
            r => new(r.ReadLoadBalancer(), ReadReport(r)));
        formats.Add<LoadBalancerEvents.EpisodeStored>(
            "load-balancer.episode-stored", 2,
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
                    w.Write(part.Team is not null);
                    if (part.Team is { } team)
                    {
                        w.WriteFloats(team.Loads);
                        w.WriteFlags(team.Available);
                    }
                }
            },
            r => new(r.ReadLoadBalancer(), r.ReadBoolean() ? ReadPart(r, withTeam: true) : null));
        formats.AddEarlier<LoadBalancerEvents.EpisodeStored>(
            "load-balancer.episode-stored", 1,
            r => new(r.ReadLoadBalancer(), r.ReadBoolean() ? ReadPart(r, withTeam: false) : null));
    }

    private static void WriteReport(BinaryWriter writer, FailureReport report)
    {
        writer.Write7BitEncodedInt64(report.TimeOuts);
        writer.Write7BitEncodedInt64(report.Refusals);
        writer.Write7BitEncodedInt64(report.Retries);
        writer.Write7BitEncodedInt64(report.Moved);
        writer.Write7BitEncodedInt64(report.Panics);
        writer.WriteList(report.Changes, (w, change) =>
        {
            w.WriteTicks(change.Time);
            w.Write7BitEncodedInt(change.Server);
            w.Write((byte)change.State);
        });
    }

    private static FailureReport ReadReport(BinaryReader reader) => new(
        reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(),
        reader.Read7BitEncodedInt64(),
        reader.ReadList(r => new ServerStateChange(r.ReadTicks(), r.Read7BitEncodedInt(), (ServerState)r.ReadByte()), 3));

    private static EpisodePart ReadPart(BinaryReader reader, bool withTeam)
    {
        (float[] features, float[] actions, float[] rewards) = (reader.ReadFloats(), reader.ReadFloats(), reader.ReadFloats());
        return new EpisodePart(features, actions, rewards, reader.Read7BitEncodedInt64())
        {
            Team = withTeam && reader.ReadBoolean() ? new TeamLoads(reader.ReadFloats(), reader.ReadFlags()) : null,
        };
    }

    private static LoadBalancerPlan ReadPlan(BinaryReader reader) => new(
        reader.ReadLoadBalancer(), reader.ReadString(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadString());

    private static void WriteControl(BinaryWriter writer, BalancerControl control)
    {
        writer.Write(control.Start is not null);
        if (control.Start is { } start)
        {
            writer.Write7BitEncodedInt(start.Agent);
            writer.Write7BitEncodedInt(start.Member);
            writer.Write7BitEncodedInt64(start.Episode);
            writer.Write((byte)start.Mode);
            writer.Write(start.Training);
            writer.WriteKey(control.Learnt!);
        }
    }

    private static BalancerControl ReadControl(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
        {
            return new BalancerControl(null, null);
        }
        BalancerStart start = new(
            reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64(), (ActionMode)reader.ReadByte(),
            reader.ReadBoolean());
        return new BalancerControl(start, reader.ReadKey());
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

using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;

namespace AkkaLb.Agents.DataCenter.Servers;

/// <summary>The formats of <see cref="ServerCommands"/> and <see cref="ServerEvents"/>.</summary>
internal static class ServerFormat
{
    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<ServerPlan>(
            "server.plan", 1,
            (w, m) =>
            {
                w.WriteServer(m.Server);
                w.Write7BitEncodedInt(m.Options.Workers);
                w.Write7BitEncodedInt(m.Options.JobsPerWorker);
                w.Write7BitEncodedInt(m.Options.Capacity);
                w.Write(m.Options.Speed);
                w.Write(m.IsUp);
            },
            r => new ServerPlan(
                r.ReadServer(),
                new ServerOptions(r.Read7BitEncodedInt())
                {
                    JobsPerWorker = r.Read7BitEncodedInt(), Capacity = r.Read7BitEncodedInt(), Speed = r.ReadDouble(),
                },
                r.ReadBoolean()));
        formats.Add<ServerCommands.TakeJob>(
            "server.take-job", 1,
            (w, m) => { w.WriteServer(m.Server); w.WriteTicks(m.Time); w.WriteJob(m.Job); },
            r => new(r.ReadServer(), r.ReadTicks(), r.ReadJob()));
        formats.Add<ServerCommands.WorkOff>(
            "server.work-off", 1,
            (w, m) => { w.WriteServer(m.Server); w.WriteTicks(m.Time); },
            r => new(r.ReadServer(), r.ReadTicks()));
        formats.Add<ServerCommands.AnswerProbe>(
            "server.answer-probe", 1,
            (w, m) =>
            {
                w.WriteServer(m.Server);
                w.WriteTicks(m.Time);
                w.WriteLoadBalancer(m.LoadBalancer);
                w.WriteTicks(m.Back);
                w.WriteTicks(m.Sent);
                w.WriteTicks(m.GivenUp);
            },
            r => new(r.ReadServer(), r.ReadTicks(), r.ReadLoadBalancer(), r.ReadTicks(), r.ReadTicks(), r.ReadTicks()));
        formats.Add<ServerCommands.AnswerCheck>(
            "server.answer-check", 1,
            (w, m) =>
            {
                w.WriteServer(m.Server);
                w.WriteTicks(m.Time);
                w.WriteLoadBalancer(m.LoadBalancer);
                w.WriteTicks(m.Back);
                w.WriteTicks(m.GivenUp);
            },
            r => new(r.ReadServer(), r.ReadTicks(), r.ReadLoadBalancer(), r.ReadTicks(), r.ReadTicks()));
        formats.Add<ServerCommands.Change>(
            "server.change", 1,
            (w, m) =>
            {
                w.WriteServer(m.Server);
                w.WriteTicks(m.Time);
                w.WriteTicks(m.What.Time);
                w.WriteServer(m.What.Server);
                w.Write((byte)m.What.Kind);
                w.Write(m.What.Speed);
            },
            r => new(
                r.ReadServer(), r.ReadTicks(),
                new CapacityChange(r.ReadTicks(), r.ReadServer(), (CapacityChangeKind)r.ReadByte(), r.ReadDouble())));
        formats.Add<ServerCommands.ReportLoad>(
            "server.report-load", 1,
            (w, m) => { w.WriteServer(m.Server); w.WriteTicks(m.Time); },
            r => new(r.ReadServer(), r.ReadTicks()));
        formats.Add<ServerEvents.LoadReported>(
            "server.load-reported", 1,
            (w, m) =>
            {
                w.WriteServer(m.Server);
                w.Write7BitEncodedInt(m.Present);
                w.Write7BitEncodedInt(m.Busy);
                w.Write(m.ProcessorUse);
                w.Write(m.RemainingTime);
                w.Write(m.Speed);
                w.Write(m.IsUp);
            },
            r => new(
                r.ReadServer(), r.Read7BitEncodedInt(), r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadDouble(), r.ReadDouble(),
                r.ReadBoolean()));
    }
}

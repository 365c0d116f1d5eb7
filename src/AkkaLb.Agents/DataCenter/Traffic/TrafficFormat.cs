using System.Runtime.InteropServices;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter.Traffic;

/// <summary>The formats of <see cref="TrafficCommands"/> and <see cref="TrafficEvents"/>.</summary>
internal static class TrafficFormat
{
    public static void AddMessages(BinaryFormats formats)
    {
        formats.Add<TrafficCommands.StartTraffic>("traffic.start", 1, (_, _) => { }, _ => TrafficCommands.StartTraffic.Instance);
        formats.Add<TrafficCommands.SendJob>("traffic.send-job", 1, (w, m) => w.WriteTicks(m.Time), r => new(r.ReadTicks()));
        formats.Add<TrafficCommands.Answer>(
            "traffic.answer", 1,
            (w, m) => { w.Write7BitEncodedInt64(m.Job); w.WriteRecord(m.Record); },
            r => new(r.Read7BitEncodedInt64(), r.ReadRecord()));
        formats.Add<TrafficCommands.ReportJobs>(
            "traffic.report-jobs", 1, (w, m) => w.Write7BitEncodedInt64(m.Answers), r => new(r.Read7BitEncodedInt64()));
        formats.Add<TrafficEvents.JobsReported>(
            "traffic.jobs-reported", 1,
            (w, m) => w.WriteList(m.Jobs, (writer, job) => writer.WriteRecord(job)),
            r => new(ImmutableCollectionsMarshal.AsImmutableArray(r.ReadList(reader => reader.ReadRecord(), 5))));
    }
}

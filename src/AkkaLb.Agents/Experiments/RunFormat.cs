using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Experiments;

/// <summary>The formats of <see cref="RunEvents"/>.</summary>
internal static class RunFormat
{
    public static void AddEvents(BinaryFormats formats)
    {
        formats.Add<RunEvents.RunStarted>(
            "run-started", 1,
            (w, e) => { w.Write(e.Name); w.Write(e.Method); w.Write(e.Seed); },
            r => new RunEvents.RunStarted(r.ReadString(), r.ReadString(), r.ReadUInt64()));
        formats.Add<RunEvents.RunResumed>(
            "run-resumed", 1, (w, e) => w.Write7BitEncodedInt(e.From), r => new RunEvents.RunResumed(r.Read7BitEncodedInt()));
        formats.Add<RunEvents.EpisodeFinished>(
            "episode-finished", 1,
            (w, e) =>
            {
                w.Write7BitEncodedInt(e.Episode);
                w.Write(e.Phi);
                w.Write(e.PhiLowest);
                w.Write(e.MaxUtilisation);
                w.Write7BitEncodedInt(e.PolicyVersion);
            },
            r => new RunEvents.EpisodeFinished(
                r.Read7BitEncodedInt(), r.ReadDouble(), r.ReadDouble(), r.ReadDouble(), r.Read7BitEncodedInt()));
        formats.Add<RunEvents.EpisodeTrained>(
            "episode-trained", 1,
            (w, e) => { w.Write7BitEncodedInt(e.Episode); w.Write(e.MeanCompletionTime); },
            r => new RunEvents.EpisodeTrained(r.Read7BitEncodedInt(), r.ReadDouble()));
        formats.Add<RunEvents.CheckpointWritten>(
            "checkpoint-written", 1,
            (w, e) => { w.Write(e.Name); w.Write(e.Sha256); w.Write7BitEncodedInt(e.Episodes); },
            r => new RunEvents.CheckpointWritten(r.ReadString(), r.ReadString(), r.Read7BitEncodedInt()));
        formats.Add<RunEvents.PolicyTaken>(
            "policy-taken", 1,
            (w, e) => { w.Write(e.Name); w.Write(e.Sha256); },
            r => new RunEvents.PolicyTaken(r.ReadString(), r.ReadString()));
        formats.Add<RunEvents.RunStopped>(
            "run-stopped", 1, (w, e) => w.Write7BitEncodedInt(e.At), r => new RunEvents.RunStopped(r.Read7BitEncodedInt()));
        formats.Add<RunEvents.RunFinished>(
            "run-finished", 1, (w, e) => w.Write7BitEncodedInt(e.At), r => new RunEvents.RunFinished(r.Read7BitEncodedInt()));
    }
}

using AkkaLb.Agents.Network.Asynchronous;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What an asynchronous run has come to.</summary>
/// <param name="Finished">False when it was stopped.</param>
/// <param name="Phi">Mean Φ over virtual time.</param>
/// <param name="PhiLast">Φ at the end.</param>
/// <param name="Requests">Requests for hidden states.</param>
/// <param name="States">Hidden states sent.</param>
/// <param name="Messages">Both.</param>
/// <param name="Horizons">Decisions of all agents.</param>
/// <param name="Waiting">Flows without a path, at most at a time.</param>
/// <param name="Changes">Every change of flows or links after the start.</param>
public sealed record AsynchronousMetrics(
    bool Finished, double Phi, double PhiLast, long Requests, long States, long Messages, long Horizons, int Waiting,
    IReadOnlyList<OutsideChange> Changes)
{
    /// <param name="samples">In order, at least one; each holds until the next.</param>
    /// <param name="end">Virtual end in µs.</param>
    public static AsynchronousMetrics Of(IReadOnlyList<NetworkSample> samples, long end, bool finished)
    {
        NetworkSample last = samples[^1];
        long until = finished ? end : last.Time;
        double area = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            area += samples[i].Phi * ((i + 1 < samples.Count ? samples[i + 1].Time : until) - samples[i].Time);
        }
        int[] changes = [.. Enumerable.Range(0, samples.Count).Where(i => samples[i].IsChange)];
        return new AsynchronousMetrics(
            finished,
            until > samples[0].Time ? area / (until - samples[0].Time) : last.Phi,
            last.Phi,
            last.Requests,
            last.States,
            last.Requests + last.States,
            last.Horizons,
            samples.Max(sample => sample.Waiting),
            [.. changes.Select((first, n) => OutsideChange.Of(samples, first, n + 1 < changes.Length ? changes[n + 1] : samples.Count))]);
    }
}

/// <summary>A change of flows or links, and how the agents came back from it.</summary>
/// <param name="TimeMs">Virtual.</param>
/// <param name="PhiBefore">Φ just before it.</param>
/// <param name="PhiAfter">Φ when flows had been re-routed under the weights in force.</param>
/// <param name="PhiSettled">Φ before the next change, or at the end.</param>
/// <param name="RecoveryMs">Virtual time until Φ came, to stay, within 10 % of <paramref name="PhiSettled"/>.</param>
/// <param name="Messages">Sent until then.</param>
/// <param name="Horizons">Decided until then.</param>
public sealed record OutsideChange(
    double TimeMs, int LinksUp, int Flows, int Waiting, double PhiBefore, double PhiAfter, double PhiSettled, double RecoveryMs,
    long Messages, long Horizons)
{
    public const double Tolerance = 1.1;

    internal static OutsideChange Of(IReadOnlyList<NetworkSample> samples, int first, int end)
    {
        NetworkSample change = samples[first], settled = samples[end - 1];
        int back = end - 1;
        while (back > first && samples[back - 1].Phi <= Tolerance * settled.Phi)
        {
            back--;
        }
        NetworkSample recovered = samples[back];
        return new OutsideChange(
            change.Time / 1000.0,
            change.LinksUp,
            change.Flows,
            change.Waiting,
            samples[Math.Max(0, first - 1)].Phi,
            change.Phi,
            settled.Phi,
            (recovered.Time - change.Time) / 1000.0,
            recovered.Requests + recovered.States - change.Requests - change.States,
            recovered.Horizons - change.Horizons);
    }
}

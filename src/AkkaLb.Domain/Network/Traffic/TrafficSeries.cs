namespace AkkaLb.Domain.Network;

/// <summary>Traffic over time, made of matrices: one after the other, or one that goes up and down with the day.</summary>
public static class TrafficSeries
{
    private const long HourMs = 3_600_000;

    private const int Hours = 24;

    /// <summary>Matrices that hold one after the other: a flow for every pair of nodes that has a demand in any of them.</summary>
    /// <param name="intervalMs">How long each holds, ≥ 1.</param>
    public static FlowSet Of(IReadOnlyList<DemandMatrix> matrices, long intervalMs, Topology topology)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intervalMs, 1);
        var rates = new Dictionary<(NodeId From, NodeId To), List<RateChange>>();
        for (int k = 0; k < matrices.Count; k++)
        {
            long at = k * intervalMs;
            Dictionary<(NodeId, NodeId), double> now = matrices[k].Demands.ToDictionary(d => (d.From, d.To), d => d.Rate);
            foreach ((NodeId, NodeId) pair in now.Keys.Where(pair => !rates.ContainsKey(pair)))
            {
                rates.Add(pair, [new RateChange(0, k == 0 ? now[pair] : 0)]);
            }

            foreach ((var pair, List<RateChange> changes) in rates)
            {
                double rate = now.GetValueOrDefault(pair);
                if (k > 0 && changes[^1].BitsPerSecond != rate)
                {
                    changes.Add(new RateChange(at, rate));
                }
            }
        }

        long end = matrices.Count * intervalMs;
        return new FlowSet(topology.Name, [.. rates.Select(pair => new Flow(
            new FlowId($"{topology.Labels[pair.Key.From.Index]} → {topology.Labels[pair.Key.To.Index]}"), pair.Key.From, pair.Key.To,
            pair.Value, 0, end))]);
    }

    /// <summary>A day of matrices, one an hour: r (1 + a cos 2π (h − p) / 24).</summary>
    /// <param name="amplitude">a, from 0 to 1; the mean over the day is the matrix.</param>
    /// <param name="peakHour">p.</param>
    public static FlowSet OfDay(DemandMatrix matrix, double amplitude, double peakHour, Topology topology) => Of(
        [.. Enumerable.Range(0, Hours).Select(hour => Scale(matrix, 1 + amplitude * Math.Cos(Math.Tau * (hour - peakHour) / Hours)))],
        HourMs, topology);

    public static DemandMatrix Scale(DemandMatrix matrix, double factor) =>
        matrix with { Demands = [.. matrix.Demands.Select(demand => demand with { Rate = demand.Rate * factor })] };
}

namespace AkkaLb.Domain.Network;

/// <summary>A rate in bit/s that holds from a time in ms on.</summary>
public readonly record struct RateChange(long FromMs, double BitsPerSecond);

/// <summary>A unidirectional flow between two nodes.</summary>
/// <param name="Id">Also the hash key.</param>
/// <param name="Start">Source node.</param>
/// <param name="End">Destination, different from the source.</param>
/// <param name="Rates">At least one, ascending in time; times are absolute.</param>
/// <param name="StartMs">First millisecond at which the flow is active.</param>
/// <param name="EndMs">First millisecond at which it is no longer active.</param>
public sealed record Flow(FlowId Id, NodeId Start, NodeId End, IReadOnlyList<RateChange> Rates, long StartMs, long EndMs)
{
    /// <summary>Rate in bit/s at a time: that of the latest change not after it; null when inactive or before the first change.</summary>
    public double? RateAt(long ms)
    {
        double? rate = null;
        if (StartMs <= ms && ms < EndMs)
        {
            foreach (RateChange change in Rates)
            {
                if (change.FromMs <= ms)
                {
                    rate = change.BitsPerSecond;
                }
            }
        }

        return rate;
    }
}

/// <summary>A flow as it is at one moment; the rate is in bit/s.</summary>
public readonly record struct ActiveFlow(FlowId Id, NodeId Start, NodeId End, double Rate);

/// <summary>The flows of an experiment, in file order; immutable.</summary>
public sealed record FlowSet(string Name, IReadOnlyList<Flow> Flows)
{
    /// <summary>Line by line what was supposed or left out where the flows were made of other things.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The flows that are active at a time in ms, with their rates, in file order.</summary>
    public IReadOnlyList<ActiveFlow> ActiveAt(long ms)
    {
        var active = new List<ActiveFlow>(Flows.Count);
        foreach (Flow flow in Flows)
        {
            if (flow.RateAt(ms) is { } rate)
            {
                active.Add(new ActiveFlow(flow.Id, flow.Start, flow.End, rate));
            }
        }

        return active;
    }

    /// <summary>The largest sum of all rates at any time; bit/s.</summary>
    public double HighestTotal()
    {
        var steps = new SortedDictionary<long, double>();
        foreach (Flow flow in Flows)
        {
            double before = 0;
            // What changes at its end or later never holds.
            foreach (RateChange change in flow.Rates.TakeWhile(change => change.FromMs < flow.EndMs))
            {
                Add(Math.Max(change.FromMs, flow.StartMs), change.BitsPerSecond - before);
                before = change.BitsPerSecond;
            }

            Add(flow.EndMs, -before);
        }

        double now = 0, highest = 0;
        foreach (double step in steps.Values)
        {
            now += step;
            highest = Math.Max(highest, now);
        }

        return highest;

        void Add(long at, double rate) => steps[at] = steps.GetValueOrDefault(at) + rate;
    }

    /// <summary>All rates by a factor.</summary>
    public FlowSet Scaled(double factor) => this with
    {
        Flows =
        [
            .. Flows.Select(flow => flow with
            {
                Rates = [.. flow.Rates.Select(change => change with { BitsPerSecond = change.BitsPerSecond * factor })],
            }),
        ],
    };
}

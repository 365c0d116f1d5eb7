using System.Buffers;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Routes demands as fluids: at every node a demand is split among its candidate links in proportion to their weights, exactly, and what
/// arrives at the same decision is routed on together. Candidates from which no weight leads to the destination get nothing. Immutable.
/// </summary>
public sealed class FluidRouter : ITrafficRouter
{
    private readonly Topology _topology;
    private readonly RoutingGraph _graph;
    private readonly Demand[] _demands;

    /// <param name="topology">What to route on.</param>
    /// <param name="demands">At most one for an ordered pair of nodes is usual, but not asked for.</param>
    /// <param name="paths">Candidate next hops on this topology.</param>
    /// <param name="allowDisconnected">Count demands without any path as unroutable instead of refusing them.</param>
    /// <exception cref="InvalidInputException">A demand has no path, or a path may run in a circle.</exception>
    public FluidRouter(Topology topology, IReadOnlyList<Demand> demands, IPathCalculator paths, bool allowDisconnected = false)
    {
        _topology = topology;
        _demands = [.. demands];
        _graph = new RoutingGraph(topology, paths, demands.Select(demand => (demand.From, demand.To)));
        int disconnected = Array.FindIndex(_graph.Starts, start => _graph.States[start].Count == 0);
        if (disconnected >= 0 && !allowDisconnected)
        {
            (NodeId from, NodeId to, _) = _demands[disconnected];
            throw new InvalidInputException(
                $"{topology.Name}: {paths.Name} routing has no path from \"{topology.Labels[from.Index]}\" "
                + $"to \"{topology.Labels[to.Index]}\", between which there is a demand");
        }

        Total = _demands.Sum(demand => demand.Rate);
        Groups = [.. _graph.Lists.OrderBy(list => list.First)
            .Select(list => (IReadOnlyList<LinkId>)[.. _graph.EntryLinks.Skip(list.First).Take(list.Count).Select(link =>
                new LinkId(link))])];
    }

    public int Count => _demands.Length;

    public int WeightCount => _topology.LinkCount;

    public double Total { get; }

    public string Splitting => "fluid";

    /// <summary>The demands, in the order given.</summary>
    public IReadOnlyList<Demand> Demands => _demands;

    /// <summary>Every set of candidate links among which traffic is split somewhere; sets of one link are among them.</summary>
    public IReadOnlyList<IReadOnlyList<LinkId>> Groups { get; }

    /// <summary>Routes all demands. Does not allocate once the shared pool is warm.</summary>
    /// <inheritdoc/>
    public int Route(ReadOnlySpan<double> weights, Span<double> loads)
    {
        double[] entries = ArrayPool<double>.Shared.Rent(Math.Max(1, _graph.EntryLinks.Length));
        SetEntries(weights, entries);
        int unroutable = RouteEntries(entries, loads);
        ArrayPool<double>.Shared.Return(entries);
        return unroutable;
    }

    public double Routed(ReadOnlySpan<double> weights)
    {
        double[] entries = new double[_graph.EntryLinks.Length], sums = new double[_graph.States.Length];
        SetEntries(weights, entries);
        SumLive(entries, sums);
        return _demands.Select((demand, i) => sums[_graph.Starts[i]] > 0 ? demand.Rate : 0).Sum();
    }

    private void SetEntries(ReadOnlySpan<double> weights, double[] entries)
    {
        for (int entry = 0; entry < _graph.EntryLinks.Length; entry++)
        {
            entries[entry] = Math.Max(0, weights[_graph.EntryLinks[entry]]);
        }
    }

    /// <summary>Routes all demands under weights of their own for every set of candidates, as routers have them.</summary>
    /// <param name="weights">For each of <see cref="Groups"/> a weight for each of its links.</param>
    /// <param name="loads">Set to the load of every link in bit/s.</param>
    /// <returns>How many demands found no path.</returns>
    public int Route(IReadOnlyList<IReadOnlyList<int>> weights, Span<double> loads)
    {
        var entries = new double[Math.Max(1, _graph.EntryLinks.Length)];
        foreach ((int group, (int first, int count)) in _graph.Lists.OrderBy(list => list.First).Index())
        {
            for (int i = 0; i < count; i++)
            {
                entries[first + i] = weights[group][i];
            }
        }

        return RouteEntries(entries, loads);
    }

    private int RouteEntries(double[] entries, Span<double> loads)
    {
        if (loads.Length != _topology.LinkCount)
        {
            throw new ArgumentException($"expected one value for each of {_topology.LinkCount} links, got {loads.Length}");
        }

        loads.Clear();
        int states = _graph.States.Length;
        double[] inflow = ArrayPool<double>.Shared.Rent(Math.Max(1, states)), sums = ArrayPool<double>.Shared.Rent(Math.Max(1, states));
        SumLive(entries, sums.AsSpan(0, states));
        inflow.AsSpan(0, states).Clear();
        int unroutable = 0;
        for (int i = 0; i < _demands.Length; i++)
        {
            int start = _graph.Starts[i];
            if (sums[start] > 0)
            {
                inflow[start] += _demands[i].Rate;
            }
            else
            {
                unroutable++;
            }
        }

        // A state is made after all that may follow it.
        for (int current = states - 1; current >= 0; current--)
        {
            if (inflow[current] > 0)
            {
                Split(current, inflow[current] / sums[current], entries, sums, inflow, loads);
            }
        }

        ArrayPool<double>.Shared.Return(inflow);
        ArrayPool<double>.Shared.Return(sums);
        return unroutable;
    }

    private void Split(int current, double perWeight, double[] entries, double[] sums, double[] inflow, Span<double> loads)
    {
        RoutingGraph.State state = _graph.States[current];
        for (int c = 0; c < state.Count; c++)
        {
            int next = _graph.Next[state.FirstNext + c];
            if (next == RoutingGraph.Arrived || sums[next] > 0)
            {
                double rate = entries[state.FirstEntry + c] * perWeight;
                loads[_graph.EntryLinks[state.FirstEntry + c]] += rate;
                if (next != RoutingGraph.Arrived)
                {
                    inflow[next] += rate;
                }
            }
        }
    }

    /// <summary>For every state the sum of the weights of candidates that lead on to the destination; 0 where none does.</summary>
    private void SumLive(double[] entries, Span<double> sums)
    {
        for (int current = 0; current < sums.Length; current++)
        {
            RoutingGraph.State state = _graph.States[current];
            double sum = 0;
            for (int c = 0; c < state.Count; c++)
            {
                int next = _graph.Next[state.FirstNext + c];
                sum += next == RoutingGraph.Arrived || sums[next] > 0 ? entries[state.FirstEntry + c] : 0;
            }

            sums[current] = sum;
        }
    }
}

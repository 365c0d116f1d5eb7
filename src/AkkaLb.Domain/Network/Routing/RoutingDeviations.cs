using System.Runtime.CompilerServices;

namespace AkkaLb.Domain.Network;

/// <summary>
/// How the loads would change if one link's weight were multiplied by a factor. Every flow is walked once; at each of its nodes, and for
/// each candidate link and factor, the draws are compared with the thresholds that the changed weight gives that node's list. A flow that
/// would turn off is walked on from there: it comes to no node twice, so the link's weight plays no further part.
/// </summary>
internal sealed class RoutingDeviations
{
    private readonly DxTables _dx;
    private readonly RoutingGraph _graph;
    private readonly double[] _rates, _factors;
    private readonly int _links;
    private readonly uint[] _thresholds;

    /// <summary>Thresholds of a list under a changed weight: [list, candidate, factor, 8].</summary>
    private readonly uint[] _changed;
    private readonly int[] _firstChanged;
    private readonly double[] _deviations;
    private readonly bool[] _touched;
    private readonly int[] _path, _turned, _states;

    public RoutingDeviations(DxTables dx, RoutingGraph graph, double[] rates, int links, double[] factors)
    {
        (_dx, _graph, _rates, _links, _factors) = (dx, graph, rates, links, factors);
        _thresholds = new uint[graph.EntryLinks.Length];
        _firstChanged = new int[graph.EntryLinks.Length];
        int next = 0;
        foreach ((int first, int count) in graph.Lists)
        {
            _firstChanged[first] = next;
            next += count * factors.Length * DxTables.Lanes;
        }

        _changed = new uint[next];
        _deviations = new double[links * factors.Length * links];
        _touched = new bool[links * factors.Length];
        _path = new int[graph.MaxHops];
        _turned = new int[graph.MaxHops];
        _states = new int[graph.MaxHops];
    }

    /// <summary>The change of all loads, in bit/s, for link·factors + factor; empty if no flow turns off.</summary>
    public ReadOnlySpan<double> Of(int linkAndFactor) =>
        _touched[linkAndFactor] ? _deviations.AsSpan(linkAndFactor * _links, _links) : [];

    /// <summary>Routes all flows and notes what every changed weight would do.</summary>
    public void Walk(ReadOnlySpan<double> weights, Span<double> loads)
    {
        loads.Clear();
        Array.Clear(_touched);
        _dx.SetThresholds(weights, _thresholds);
        SetChangedThresholds(weights);
        for (int flow = 0; flow < _rates.Length; flow++)
        {
            Walk(flow, loads);
        }
    }

    private void SetChangedThresholds(ReadOnlySpan<double> weights)
    {
        int[] links = _graph.EntryLinks;
        foreach ((int first, int count) in _graph.Lists)
        {
            Span<uint> at = _changed.AsSpan(_firstChanged[first]);
            for (int candidate = 0; candidate < count; candidate++)
            {
                double others = 0;
                for (int other = 0; other < count; other++)
                {
                    others = other == candidate ? others : Math.Max(others, weights[links[first + other]]);
                }

                double own = weights[links[first + candidate]];
                foreach (double factor in _factors)
                {
                    double changed = own * factor, heaviest = Math.Max(others, changed);
                    for (int other = 0; other < count; other++)
                    {
                        at[other] = DxTables.Threshold(other == candidate ? changed : weights[links[first + other]], heaviest);
                    }

                    at = at[DxTables.Lanes..];
                }
            }
        }
    }

    private void Walk(int flow, Span<double> loads)
    {
        int hops = 0;
        for (int current = _graph.Starts[flow]; current != RoutingGraph.Arrived;)
        {
            RoutingGraph.State state = _graph.States[current];
            int choice = _dx.Choose(flow, state, ref _thresholds[state.FirstEntry]);
            if (choice < 0)
            {
                return;
            }

            _states[hops] = current;
            _path[hops++] = choice;
            current = _graph.Next[state.FirstNext + choice];
        }

        double rate = _rates[flow];
        for (int hop = 0; hop < hops; hop++)
        {
            RoutingGraph.State state = _graph.States[_states[hop]];
            loads[_graph.EntryLinks[state.FirstEntry + _path[hop]]] += rate;
            if (state.Count > 1)
            {
                TryAll(flow, hop, hops, state);
            }
        }
    }

    /// <summary>Tries every changed weight at one node of a flow's path.</summary>
    private void TryAll(int flow, int hop, int hops, in RoutingGraph.State state)
    {
        int taken = _path[hop];
        ref uint changed = ref _changed[_firstChanged[state.FirstEntry]];
        for (int candidate = 0; candidate < state.Count; candidate++)
        {
            for (int f = 0; f < _factors.Length; f++)
            {
                int choice = _dx.Choose(flow, state, ref changed);
                changed = ref Unsafe.Add(ref changed, DxTables.Lanes);
                if (choice != taken)
                {
                    Turn(flow, hop, hops, state, choice, _graph.EntryLinks[state.FirstEntry + candidate] * _factors.Length + f);
                }
            }
        }
    }

    /// <summary>Moves a flow's rate from the rest of its path to where it would go from a node on.</summary>
    private void Turn(int flow, int hop, int hops, in RoutingGraph.State state, int choice, int deviation)
    {
        Span<double> loads = _deviations.AsSpan(deviation * _links, _links);
        if (!_touched[deviation])
        {
            _touched[deviation] = true;
            loads.Clear();
        }

        int turned = WalkOn(flow, state, choice);
        double rate = _rates[flow];
        // Without a path the flow loads no link at all, those before this node neither.
        for (int left = turned == 0 ? 0 : hop; left < hops; left++)
        {
            loads[_graph.EntryLinks[_graph.States[_states[left]].FirstEntry + _path[left]]] -= rate;
        }

        for (int i = 0; i < turned; i++)
        {
            loads[_turned[i]] += rate;
        }
    }

    /// <summary>Follows a flow that takes a choice at a state; returns the number of links, 0 if it finds no path.</summary>
    private int WalkOn(int flow, RoutingGraph.State state, int choice)
    {
        for (int walked = 0; choice >= 0;)
        {
            _turned[walked++] = _graph.EntryLinks[state.FirstEntry + choice];
            int next = _graph.Next[state.FirstNext + choice];
            if (next == RoutingGraph.Arrived)
            {
                return walked;
            }

            state = _graph.States[next];
            choice = _dx.Choose(flow, state, ref _thresholds[state.FirstEntry]);
        }

        return 0;
    }
}

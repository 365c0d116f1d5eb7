namespace AkkaLb.Domain.Network;

/// <summary>
/// Routes demands as OSPF and IS-IS do under any metrics: even splits among the next hops of all paths of the least sum. Made for searches
/// over metrics; not safe for use by several threads at once.
/// </summary>
public sealed class OspfRouter
{
    private readonly Topology _topology;
    private readonly (int Destination, (int Source, double Rate)[] Demands)[] _byDestination;
    private readonly double[] _distances, _keys, _inflow;
    private readonly int[] _order;
    private readonly PriorityQueue<int, double> _queue = new();

    /// <param name="topology">What to route on.</param>
    /// <param name="demands">What to route; what has no path is left out.</param>
    public OspfRouter(Topology topology, IEnumerable<Demand> demands)
    {
        _topology = topology;
        _byDestination = [.. demands.GroupBy(demand => demand.To.Index).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Select(demand => (demand.From.Index, demand.Rate)).ToArray()))];
        _distances = new double[topology.NodeCount];
        _keys = new double[topology.NodeCount];
        _inflow = new double[topology.NodeCount];
        _order = new int[topology.NodeCount];
    }

    /// <param name="metrics">One per link, positive.</param>
    /// <param name="loads">Set to the load of every link in bit/s.</param>
    public void Route(ReadOnlySpan<double> metrics, Span<double> loads)
    {
        loads.Clear();
        foreach ((int destination, (int Source, double Rate)[] demands) in _byDestination)
        {
            IgpPathCalculator.SetDistances(_topology, metrics, destination, _distances, _queue);
            Array.Clear(_inflow);
            foreach ((int source, double rate) in demands)
            {
                _inflow[source] += rate;
            }

            for (int node = 0; node < _order.Length; node++)
            {
                _order[node] = node;
            }

            // From the farthest to the destination, so that all of a node's inflow is there when it is split.
            _distances.CopyTo(_keys, 0);
            Array.Sort(_keys, _order);
            for (int i = _order.Length - 1; i > 0; i--)
            {
                Split(_order[i], metrics, loads);
            }
        }
    }

    private void Split(int node, ReadOnlySpan<double> metrics, Span<double> loads)
    {
        if (_inflow[node] == 0 || double.IsInfinity(_distances[node]))
        {
            return;
        }

        int hops = 0;
        ReadOnlySpan<int> links = _topology.OutLinks(new NodeId(node));
        foreach (int link in links)
        {
            hops += IsNextHop(node, link, metrics) ? 1 : 0;
        }

        foreach (int link in links)
        {
            if (IsNextHop(node, link, metrics))
            {
                loads[link] += _inflow[node] / hops;
                _inflow[_topology.Links[link].To.Index] += _inflow[node] / hops;
            }
        }
    }

    private bool IsNextHop(int node, int link, ReadOnlySpan<double> metrics) =>
        IgpPathCalculator.IsOnShortestPath(_distances[node], _distances[_topology.Links[link].To.Index], metrics[link]);
}

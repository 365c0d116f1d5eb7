namespace AkkaLb.Domain.Network;

/// <summary>Which links of a topology are up; immutable. Objectives count only these.</summary>
public sealed class UpLinks
{
    /// <summary>Above this many links the scratch comes from the heap instead of the stack.</summary>
    private const int MaxStackLinks = 512;

    private readonly Topology _topology;
    private readonly int[] _links;
    private readonly double[] _capacities;

    public UpLinks(Topology topology, IReadOnlySet<LinkId> missing)
    {
        _topology = topology;
        _links = [.. Enumerable.Range(0, topology.LinkCount).Where(link => !missing.Contains(new LinkId(link)))];
        _capacities = new double[_links.Length];
        Gather(topology.Capacities, _capacities);
    }

    public int Count => _links.Length;

    /// <summary>True when no link is down.</summary>
    public bool AreAll => Count == _topology.LinkCount;

    /// <summary>Indices in the topology, ascending.</summary>
    public ReadOnlySpan<int> Links => _links;

    /// <summary>Collects the values of the links that are up.</summary>
    /// <param name="perLink">One for each link of the topology.</param>
    /// <param name="perUpLink">Receives <see cref="Count"/> values.</param>
    public void Gather(ReadOnlySpan<double> perLink, Span<double> perUpLink)
    {
        for (int i = 0; i < _links.Length; i++)
        {
            perUpLink[i] = perLink[_links[i]];
        }
    }

    /// <summary>Mean over the links that are up, summed in link order; 0 when none is.</summary>
    /// <param name="utilisation">Of every link of the topology.</param>
    public double MeanUtilisation(ReadOnlySpan<double> utilisation)
    {
        double sum = 0;
        foreach (int link in _links)
        {
            sum += utilisation[link];
        }

        return _links.Length == 0 ? 0 : sum / _links.Length;
    }

    /// <summary>The objective over the links that are up; 0 when none is.</summary>
    /// <param name="loads">Load of every link of the topology in bit/s.</param>
    public double Evaluate(Objective objective, ReadOnlySpan<double> loads)
    {
        if (AreAll)
        {
            return objective.Evaluate(loads, _topology.Capacities);
        }

        Span<double> scratch = Count <= MaxStackLinks ? stackalloc double[MaxStackLinks] : new double[Count];
        Span<double> up = scratch[..Count];
        Gather(loads, up);
        return Count == 0 ? 0 : objective.Evaluate(up, _capacities);
    }
}

namespace AkkaLb.Domain.Network;

/// <summary>
/// The network in virtual time: weights in force, and the loads that they and the traffic of the moment cause. Weights stay in force until
/// somebody sets them; what fails or starts is routed at once under them. One thread at a time.
/// </summary>
public sealed class LiveNetwork
{
    /// <summary>The least weight of a node is brought into [1, 2) when it leaves this range.</summary>
    private const double HighestLeastWeight = 4294967296.0, LowestLeastWeight = 1 / HighestLeastWeight;

    private readonly NetworkTimeline _timeline;
    private readonly Objective _objective;
    private readonly double[] _initialWeights, _weights, _before;

    // The weights under which the objective was lowest since the last outside change; null: nobody goes back to them.
    private readonly double[]? _best;
    private readonly int[] _newsOf;
    private readonly int _rounds;
    private readonly double _largestRatio;
    private readonly NetworkEnvironment _environment;
    private NetworkMoment _moment;
    private long _since;
    private long? _nextChange;
    private double _bestPhi = double.PositiveInfinity;

    /// <param name="initialWeights">In force at the start.</param>
    /// <param name="start">In ms.</param>
    /// <param name="keepsBest">Whether the best weights since the last outside change are noted.</param>
    /// <param name="rounds">How often agents act after an outside change, ≥ 1.</param>
    /// <param name="largestRatio">How far weights of a node may be apart, &gt; 1: one that would fall further behind stays.</param>
    public LiveNetwork(
        NetworkTimeline timeline, Objective objective, IReadOnlyList<double> initialWeights, long start, bool keepsBest = false,
        int rounds = 1, double largestRatio = double.PositiveInfinity)
    {
        (_timeline, _objective, _rounds, _largestRatio) = (timeline, objective, rounds, largestRatio);
        _initialWeights = [.. initialWeights];
        _weights = [.. initialWeights];
        _before = new double[_weights.Length];
        _best = keepsBest ? [.. initialWeights] : null;
        _newsOf = new int[_weights.Length];
        _since = start;
        _moment = timeline.At(start);
        _nextChange = timeline.NextChange(start);
        _environment = new NetworkEnvironment(ScenarioOf(_moment));
    }

    /// <summary>The weights in force.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Load / capacity of every link as last routed; 0 where down.</summary>
    public ReadOnlySpan<double> Utilisation => _environment.Utilisation;

    public double Phi => _environment.Phi;

    public double MeanUtilisation => _environment.MeanUtilisation;

    public double MaxUtilisation => _environment.MaxUtilisation;

    public int LinksUp => _environment.Scenario.Up.Count;

    public int Flows => _moment.Flows.Count;

    /// <summary>Active flows without a path.</summary>
    public int Waiting => _environment.Unroutable;

    /// <summary>When flows or links change next, in ms; null: never.</summary>
    public long? NextChange => _nextChange;

    /// <summary>Whether no other weights since the last outside change are noted to be better than those in force.</summary>
    public bool IsAtBest { get; private set; } = true;

    /// <summary>Number of outside changes so far: times at which flows or links changed.</summary>
    public int Changes { get; private set; }

    /// <summary>Number of the last news: that of the outside change times the rounds, plus the rounds begun after its first.</summary>
    public int News { get; private set; }

    /// <summary>The last news of a link: an outside change that altered its load by itself, or a round; 0: none.</summary>
    public int LastNewsOf(int link) => _newsOf[link];

    /// <summary>Puts a weight into force, unless it would fall too far behind the largest of its node.</summary>
    public void SetWeight(LinkId link, double weight)
    {
        if (weight >= _weights[link.Index] || weight * _largestRatio >= LargestWeightAt(_timeline.Topology.Links[link.Index].From))
        {
            _weights[link.Index] = weight;
        }
    }

    /// <summary>Goes to a time and routes the flows of that time.</summary>
    /// <param name="ms">Not before the last one.</param>
    /// <returns>Whether flows or links have changed since the last route.</returns>
    public bool Route(long ms)
    {
        _environment.Step(_weights);
        if (_nextChange is not { } change || change > ms)
        {
            Note(isChange: false, Phi);
            return false;
        }

        // The same weights before and after: what differs is the work of the change alone.
        _environment.Utilisation.CopyTo(_before);
        MoveTo(ms);
        _environment.Reset(ScenarioOf(_moment));
        _environment.Step(_weights);
        for (int link = 0; link < _weights.Length; link++)
        {
            _newsOf[link] = _before[link] != _environment.Utilisation[link] ? News : _newsOf[link];
        }

        Note(isChange: true, Phi);
        return true;
    }

    /// <summary>Goes to a time as <see cref="Route"/> does, but routes nothing: only the weights are those of that time.</summary>
    /// <param name="ms">Not before the last one.</param>
    /// <param name="phi">What routing gave.</param>
    public void Pass(long ms, double phi)
    {
        bool isChange = _nextChange is { } change && change <= ms;
        if (isChange)
        {
            MoveTo(ms);
        }

        Note(isChange, phi);
    }

    /// <summary>Puts the best weights into force that were noted since the last outside change, where any are.</summary>
    public void ReturnToBest()
    {
        _best?.CopyTo(_weights, 0);
        IsAtBest = true;
    }

    /// <summary>Whether another round may follow since the last outside change.</summary>
    public bool HasRound => News % _rounds < _rounds - 1;

    /// <summary>
    /// Begins another round at the best weights noted: news for all links. They are kept in range, as actions that alter nothing, where no
    /// flows are, would let them grow from round to round.
    /// </summary>
    public void BeginRound()
    {
        ReturnToBest();
        Rescale();
        _weights.CopyTo(_best!, 0);
        News++;
        Array.Fill(_newsOf, News);
    }

    /// <summary>Puts the initial weights in force and tells everybody of the last outside change; what was best is kept.</summary>
    public void Restart()
    {
        _initialWeights.CopyTo(_weights, 0);
        Array.Fill(_newsOf, News);
    }

    /// <summary>The least weight in force among the links that leave the same node as a link, itself included.</summary>
    public double LeastWeightAround(LinkId link) => LeastWeightAt(_timeline.Topology.Links[link.Index].From);

    /// <summary>Writes the weights in force and the changes so far, for <see cref="Read"/>.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_since);
        writer.Write(Changes);
        for (int link = 0; link < _weights.Length; link++)
        {
            writer.Write(_weights[link]);
            writer.Write(_newsOf[link]);
        }

        if (_best is not null)
        {
            writer.Write(News);
            writer.Write(_bestPhi);
            writer.Write(IsAtBest);
            foreach (double weight in _best)
            {
                writer.Write(weight);
            }
        }
    }

    /// <summary>Goes on where a network of the same timeline was; its loads are there when it has been routed.</summary>
    public void Read(BinaryReader reader)
    {
        _since = reader.ReadInt64();
        Changes = reader.ReadInt32();
        News = Changes * _rounds;
        for (int link = 0; link < _weights.Length; link++)
        {
            _weights[link] = reader.ReadDouble();
            _newsOf[link] = reader.ReadInt32();
        }

        if (_best is not null)
        {
            News = reader.ReadInt32();
            _bestPhi = reader.ReadDouble();
            IsAtBest = reader.ReadBoolean();
            for (int link = 0; link < _best.Length; link++)
            {
                _best[link] = reader.ReadDouble();
            }
        }

        _moment = _timeline.At(_since);
        _nextChange = _timeline.NextChange(_since);
        _environment.Reset(ScenarioOf(_moment));
    }

    /// <summary>Notes what the weights in force are worth. After an outside change what was noted before counts no longer.</summary>
    private void Note(bool isChange, double phi)
    {
        if (_best is null)
        {
            return;
        }

        IsAtBest = isChange || phi <= _bestPhi;
        if (IsAtBest)
        {
            _bestPhi = phi;
            _weights.CopyTo(_best, 0);
        }
    }

    private void MoveTo(long ms)
    {
        _since = ms;
        _moment = _timeline.At(ms);
        _nextChange = _timeline.NextChange(ms);
        Changes++;
        News = Changes * _rounds;
        Rescale();
    }

    private double LeastWeightAt(NodeId node)
    {
        double least = double.PositiveInfinity;
        foreach (int link in _timeline.Topology.OutLinks(node))
        {
            least = Math.Min(least, _weights[link]);
        }

        return least;
    }

    private double LargestWeightAt(NodeId node)
    {
        double largest = 0;
        foreach (int link in _timeline.Topology.OutLinks(node))
        {
            largest = Math.Max(largest, _weights[link]);
        }

        return largest;
    }

    /// <summary>Divides the weights of a node by a common power of two: exact, so the routing stays the same to the last bit.</summary>
    private void Rescale()
    {
        for (int node = 0; node < _timeline.Topology.NodeCount; node++)
        {
            double least = LeastWeightAt(new NodeId(node));
            if (least > 0 && double.IsFinite(least) && (least >= HighestLeastWeight || least <= LowestLeastWeight))
            {
                int exponent = Math.ILogB(least);
                foreach (int link in _timeline.Topology.OutLinks(new NodeId(node)))
                {
                    _weights[link] = Math.ScaleB(_weights[link], -exponent);
                }
            }
        }
    }

    private NetworkScenario ScenarioOf(NetworkMoment moment) => new(_timeline.Topology, moment, _initialWeights, _objective);
}

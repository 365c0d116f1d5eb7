using System.Collections.Immutable;
using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Domain.Network;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>
/// The weights in force over the virtual time of a run without a global step, from the decisions of its agents and their order. Moments are
/// thinned where there are more than can be told apart. Not safe for use by several threads at once.
/// </summary>
internal sealed class AsynchronousPlayback
{
    /// <summary>Moments that are kept at most; every change of flows or links is.</summary>
    internal const int MostMoments = 8000;

    private readonly AsynchronousScenario _scenario;
    private readonly LiveNetwork _network;
    private readonly Queue<double>[] _decided;
    private readonly Queue<int> _order = [];
    private readonly List<Moment> _moments = [];
    private ImmutableArray<int>? _sliceOrder;
    private long _slices, _samples, _horizons;
    private int _stride = 1;
    private bool _lastIsChange;

    public AsynchronousPlayback(AsynchronousScenario scenario)
    {
        _scenario = scenario;
        _network = scenario.CreateNetwork();
        _decided = [.. scenario.InitialWeights.Select(_ => new Queue<double>())];
    }

    public int Moments => _moments.Count;

    /// <summary>A link agent has stored a slice, which counts when the network has.</summary>
    public void Take(int link, AsynchronousJournal.SliceDecided decided)
    {
        foreach (double weight in decided.Weights)
        {
            _decided[link].Enqueue(weight);
        }
    }

    public void Take(AsynchronousJournal.DecisionsOrdered ordered) => _sliceOrder = ordered.Slice == _slices ? ordered.Links : _sliceOrder;

    /// <remarks>Of journals of earlier versions, which have no order of decisions, nothing is shown.</remarks>
    public void Take(AsynchronousJournal.SlicePlayed played)
    {
        if (_sliceOrder is not { } order || played.Step != _slices)
        {
            return;
        }
        (_slices, _sliceOrder) = (_slices + 1, null);
        foreach (int link in order)
        {
            _order.Enqueue(link);
        }
        foreach (NetworkSample sample in played.Samples)
        {
            Take(sample);
        }
    }

    public NetworkMomentView At(int moment)
    {
        Moment at = _moments[moment];
        NetworkEnvironment environment = new(new NetworkScenario(
            _scenario.Timeline.Topology, _scenario.Timeline.At(at.Time / 1000), _scenario.InitialWeights, _scenario.Objective));
        environment.Step(at.Weights);
        return NetworkMomentView.Of(environment) with { Time = at.Time / 1000.0 };
    }

    /// <summary>Virtual time in ms and a link's weight, moment by moment.</summary>
    public IReadOnlyList<(double Time, double Weight)> WeightsOf(LinkId link) =>
        [.. _moments.Select(moment => (moment.Time / 1000.0, moment.Weights[link.Index]))];

    private void Take(NetworkSample sample)
    {
        if (!sample.IsChange && sample.Horizons == _horizons)
        {
            // Nobody has decided, and nothing has changed: the network went back, or began again.
            if (_scenario.Restarts && _lastIsChange)
            {
                _network.Restart();
            }
            else
            {
                _network.ReturnToBest();
            }
        }
        _lastIsChange = sample.IsChange;
        // Decisions of a moment are in force when it is routed.
        for (; _horizons < sample.Horizons; _horizons++)
        {
            int link = _order.Dequeue();
            _network.SetWeight(new LinkId(link), _decided[link].Dequeue());
        }
        _network.Pass(sample.Time / 1000, sample.Phi);
        if (sample.IsChange || _samples++ % _stride == 0)
        {
            _moments.Add(new Moment(sample.Time, sample.IsChange, [.. _network.Weights]));
        }
        if (_moments.Count > MostMoments)
        {
            _stride *= 2;
            bool keep = false;
            _moments.RemoveAll(moment => !moment.IsChange && (keep = !keep));
        }
    }

    /// <param name="Time">Virtual, in µs.</param>
    private sealed record Moment(long Time, bool IsChange, double[] Weights);
}

using System.Text;
using AkkaLb.Domain.Network;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// The network of an asynchronous run in virtual time: messages under way, weights in force, the flows routed under them, and the loads
/// that are published. Knows nothing of where agents are.
/// </summary>
internal sealed class VirtualNetwork
{
    private const long MicrosecondsPerMillisecond = 1000;

    private readonly AsynchronousScenario _scenario;
    private readonly LiveNetwork _network;
    private readonly VirtualClock _clock = new();
    private readonly long[] _latencies;
    private readonly double[] _published;
    private readonly List<IAsynchronousMessage> _batch = [];
    private readonly List<NetworkSample> _samples = [];
    private readonly List<AsynchronousEvents.WeightSet> _decisions = [];
    private long _requests, _states, _horizons, _horizonsBeforeRound;

    public VirtualNetwork(AsynchronousScenario scenario, ulong seed)
    {
        _scenario = scenario;
        _network = scenario.CreateNetwork();
        _latencies = scenario.Latencies(seed);
        _published = new double[_latencies.Length];
        Array.Fill(_published, double.NaN);
        _clock.SetRoute(scenario.Start * MicrosecondsPerMillisecond);
    }

    /// <summary>Virtual, in µs.</summary>
    public long Now { get; private set; }

    /// <summary>Whether the run's time is over.</summary>
    public bool IsOver => !ReturnIsDue && !RoundIsDue && TimeIsUp;

    private bool TimeIsUp => !(_clock.Next <= _scenario.Until * MicrosecondsPerMillisecond);

    /// <summary>Whether all agents rest, or have no time left, at weights that are not the best they have come by.</summary>
    private bool ReturnIsDue => (AllRest || TimeIsUp) && !_network.IsAtBest;

    /// <summary>Whether all agents rest that have moved in this round, and another one is to follow.</summary>
    private bool RoundIsDue => _network.HasRound && _horizons > _horizonsBeforeRound && AllRest;

    private bool AllRest => !_clock.HasMessages && _clock.Next != Now;

    /// <summary>The weights in force.</summary>
    public ReadOnlySpan<double> Weights => _network.Weights;

    /// <summary>Deliveries and routes of the slice.</summary>
    public int Played { get; private set; }

    /// <summary>Of the slice, after each route.</summary>
    public IReadOnlyList<NetworkSample> Samples => _samples;

    /// <summary>Of the slice, in their order.</summary>
    public IReadOnlyList<AsynchronousEvents.WeightSet> Decisions => _decisions;

    public void BeginSlice()
    {
        _samples.Clear();
        _decisions.Clear();
        Played = 0;
    }

    /// <summary>Goes to the next moment at which agents have something to do.</summary>
    /// <returns>The messages whose time has come then, until the next call; none: the slice or the run is over.</returns>
    public IReadOnlyList<IAsynchronousMessage> Proceed()
    {
        _batch.Clear();
        while (Played < (long)_scenario.SliceLength * _latencies.Length && !IsOver)
        {
            if (RoundIsDue)
            {
                _network.BeginRound();
                _horizonsBeforeRound = _horizons;
                Array.Fill(_published, double.NaN);
                _clock.SetRoute(Now);
            }
            else if (ReturnIsDue)
            {
                _network.ReturnToBest();
                _clock.SetRoute(Now);
            }
            Now = _clock.Next!.Value;
            _clock.TakeMessages(_batch);
            if (_batch.Count > 0)
            {
                Played += _batch.Count;
                break;
            }
            _clock.TakeRoute();
            Route();
        }
        return _batch;
    }

    /// <summary>Sends what an agent has sent at this moment.</summary>
    public void Post(IAsynchronousMessage message)
    {
        switch (message)
        {
            case AsynchronousCommands.RequestState request:
                _requests++;
                _clock.Set(Now + _latencies[request.Link.Index], request);
                break;
            case AsynchronousCommands.ReceiveState state:
                _states++;
                _clock.Set(Now + _latencies[state.Predecessor.Index], state);
                break;
            case AsynchronousCommands.Wake wake:
                _clock.Set(wake.At, wake);
                break;
            case AsynchronousEvents.WeightSet set:
                _horizons++;
                _network.SetWeight(set.Link, set.Weight);
                _decisions.Add(set);
                _clock.SetRoute(Now);
                break;
            default:
                throw new InvalidOperationException($"an agent sent a {message.GetType().Name}");
        }
    }

    /// <summary>All that it is between two slices, messages under way included.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Now);
        writer.Write(_requests);
        writer.Write(_states);
        writer.Write(_horizons);
        if (_scenario.Agents.Rounds > 1)
        {
            writer.Write(_horizonsBeforeRound);
        }
        foreach (double published in _published)
        {
            writer.Write(published);
        }
        _network.Write(writer);
        _clock.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Becomes what <see cref="Save"/> gave.</summary>
    public void Return(ReadOnlyMemory<byte> saved)
    {
        using BinaryReader reader = new(new MemoryStream(saved.ToArray()));
        Now = reader.ReadInt64();
        _requests = reader.ReadInt64();
        _states = reader.ReadInt64();
        _horizons = reader.ReadInt64();
        if (_scenario.Agents.Rounds > 1)
        {
            _horizonsBeforeRound = reader.ReadInt64();
        }
        for (int link = 0; link < _published.Length; link++)
        {
            _published[link] = reader.ReadDouble();
        }
        _network.Read(reader);
        _clock.Read(reader);
    }

    private void Route()
    {
        Played++;
        bool changed = _network.Route(Now / MicrosecondsPerMillisecond);
        if (changed)
        {
            _horizonsBeforeRound = _horizons;
        }
        if (_network.NextChange is { } next)
        {
            _clock.SetRoute(next * MicrosecondsPerMillisecond);
        }
        _samples.Add(new NetworkSample(
            Now, _network.Changes, changed, _network.Phi, _network.MeanUtilisation, _network.MaxUtilisation, _network.LinksUp,
            _network.Flows, _network.Waiting, _requests, _states, _horizons));
        if (changed && _scenario.Restarts)
        {
            // Nobody hears of the loads under the weights that were in force, which are over at once.
            _network.Restart();
            Array.Fill(_published, double.NaN);
            _clock.SetRoute(Now);
            return;
        }
        for (int link = 0; link < _published.Length; link++)
        {
            if (_scenario.Agents.Threshold == 0 || _scenario.Agents.Burst > 1 || _network.Utilisation[link] != _published[link])
            {
                Publish(link);
            }
        }
    }

    private void Publish(int link)
    {
        LinkId id = new(link);
        _published[link] = _network.Utilisation[link];
        _clock.Set(Now, new AsynchronousCommands.PublishLoad(
            id, _published[link], _network.LastNewsOf(link), _network.Weights[link], _network.LeastWeightAround(id)));
    }
}

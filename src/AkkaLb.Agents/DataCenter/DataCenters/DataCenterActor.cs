using System.Collections.Immutable;
using Akka.Actor;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Plays;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.DataCenter.DataCenters;

/// <summary>
/// One episode: parent of its traffic, load balancers and servers, and the network between them. It holds messages until their time
/// comes and delivers one after the other, each when the one before is handled, so an episode is the same in every run. It decides nothing.
/// The episode counts when all load balancers have stored what they decided in it.
/// </summary>
public sealed class DataCenterActor : PlayParent
{
    private readonly DataCenterModel _model;
    private readonly SimulationOptions _options;
    private readonly IDataCenterAddresses _addresses;
    private readonly IActorRef _self;
    private readonly VirtualTime _time = new();
    private readonly Queue<IMessage> _steps = [];
    private readonly bool[] _isUp;
    private readonly ServerAvailability _availability;
    private readonly bool _tellsTruth;
    private readonly ServerSurvey _survey;
    private readonly List<LoadSample> _samples = [];
    private readonly List<ProbeRecord> _replies = [];
    private readonly EpisodePart?[] _parts;
    private readonly FailureReport?[] _failures;
    private readonly bool _handsOver;
    private readonly ParcelBox _parcels = new();

    // On a cluster, where load balancers are controlled.
    private readonly ControlElsewhere? _control;

    private ITimedMessage? _current;
    private IMessage? _asked;
    private SimulationResult? _result;
    private long _events, _probes, _completed, _alive;
    private int _unstored;
    private bool _arrivalsOver;

    /// <param name="journal">Where load balancers store what they decide; null: nowhere.</param>
    /// <param name="handsOver">Whether load balancers hand over what they recorded of the episode, to be learnt from.</param>
    /// <param name="place">The cluster on which servers and load balancers live; null: here.</param>
    public DataCenterActor(
        DataCenterModel model, SimulationOptions options, EpisodeJournal? journal, bool handsOver, PlayPlace? place)
    {
        (_model, _options, _handsOver, _self) = (model, options, handsOver, Self);
        _isUp = [.. model.Servers.Select((_, j) => !model.IsAbsentAtStart(j))];
        _availability = new ServerAvailability(model);
        _tellsTruth = DispatchPolicies.IsGlobal(options.Policy);
        _survey = new ServerSurvey(model);
        _parts = new EpisodePart?[model.LoadBalancers];
        _failures = new FailureReport?[model.LoadBalancers];
        if (place is null)
        {
            _addresses = new LocalDataCenter(
                _self, model.Servers.Count, model.LoadBalancers, StartTraffic,
                (id, addresses) => Spawn(
                    ServerActor.Props(id, model.Servers[id.Index], _isUp[id.Index], model.Failures, addresses), ServerPlan.NameOf(id)),
                StartLoadBalancer);
        }
        else
        {
            _control = Learns ? new ControlElsewhere(options.Controllers, model.Servers.Count) : null;
            Members = new PlayMembers(place, [.. Plans()], _self, _control?.Policies);
            _addresses = new ClusterDataCenter(Members.Addresses, StartTraffic(new ClusterDataCenter(Members.Addresses)));
        }

        Receive<ITrafficMessage>(message => _addresses.Tell(message, Sender));
        Receive<DataCenterEvents.EventHandled>(OnHandled);
        Receive<ServerEvents.LoadReported>(OnLoadReported);
        Receive<TrafficEvents.JobsReported>(report =>
        {
            _result = new SimulationResult(report.Jobs, _completed, _events, _probes, _samples) { Replies = _replies };
            _unstored = _model.LoadBalancers;
            for (int i = 0; i < _model.LoadBalancers; i++)
            {
                Tell(new LoadBalancerCommands.EndEpisode(new LoadBalancerId(i), _handsOver));
            }
        });
        Receive<LoadBalancerEvents.FailuresReported>(report => _failures[report.LoadBalancer.Index] = report.Report);
        Receive<LoadBalancerEvents.EpisodeStored>(OnStored);
        Receive<LoadBalancerEvents.Observed>(observed =>
        {
            _control!.Observe(observed);
            Continue();
        });
        Receive<Parcel>(parcel =>
        {
            if (_parcels.Take(parcel) is { } bytes)
            {
                OnStored(WireFormat.Formats.ReadWithManifest<LoadBalancerEvents.EpisodeStored>(bytes));
            }
        });

        IActorRef StartTraffic(IDataCenterAddresses addresses) => Spawn(TrafficActor.Props(model, options, addresses), "traffic");

        IActorRef StartLoadBalancer(LoadBalancerId id, IDataCenterAddresses addresses) => Spawn(
            LoadBalancerActor.Props(id, model, options, addresses, options.Controllers.ElementAtOrDefault(id.Index), journal),
            LoadBalancerPlan.NameOf(id));

        IEnumerable<(string, IMemberPlan)> Plans()
        {
            foreach (ServerId id in Enumerable.Range(0, model.Servers.Count).Select(j => new ServerId(j)))
            {
                yield return (ServerPlan.NameOf(id), new ServerPlan(id, model.Servers[id.Index], _isUp[id.Index]));
            }
            foreach (LoadBalancerId id in Enumerable.Range(0, model.LoadBalancers).Select(i => new LoadBalancerId(i)))
            {
                LoadBalancerPlan plan = new(id, options.Policy, options.Seed, options.Episode, journal?.Episode ?? "", _control?.Of(id));
                yield return (LoadBalancerPlan.NameOf(id), plan);
            }
        }
    }

    /// <exception cref="ArgumentException">
    /// There is no such policy; or controllers are neither none nor one for each load balancer, are given to a policy that takes no
    /// weights, or want to observe true loads, which no load balancer is told; or an episode is to be handed over and a controller is no
    /// <see cref="IEpisodeSource"/>.
    /// </exception>
    public static Props Props(
        DataCenterModel model, SimulationOptions options, EpisodeJournal? journal = null, bool handsOver = false, PlayPlace? place = null)
    {
        if (!DispatchPolicies.Names.Contains(options.Policy))
        {
            throw new ArgumentException($"no policy '{options.Policy}'; expected {string.Join(", ", DispatchPolicies.Names)}",
                nameof(options));
        }
        if (handsOver && (options.Controllers.Count == 0 || !options.Controllers.All(c => c is IEpisodeSource)))
        {
            throw new ArgumentException("learners need controllers that record the episode", nameof(handsOver));
        }
        bool controlled = options.Controllers.Count == model.LoadBalancers && options.Policy == DispatchPolicies.Weighted
            && !options.ObserveTrueLoads;
        return options.Controllers.Count == 0 || controlled
            ? Akka.Actor.Props.Create(() => new DataCenterActor(model, options, journal, handsOver, place))
            : throw new ArgumentException(
                $"expected the policy '{DispatchPolicies.Weighted}' and {model.LoadBalancers} controllers that do not observe true loads",
                nameof(options));
    }

    private bool Learns => _options.Controllers.Count > 0;

    protected override void Begin()
    {
        AnnounceAvailable();
        foreach (CapacityChange change in _model.Changes)
        {
            _time.Send(new ServerCommands.Change(change.Server, change.Time, change));
        }
        if (Learns)
        {
            _time.Send(new DataCenterCommands.Control(0, 0));
        }
        if (_model.SampleInterval > 0)
        {
            _time.Send(new DataCenterCommands.Sample(0));
        }
        for (int i = 0; i < _model.LoadBalancers; i++)
        {
            _steps.Enqueue(new LoadBalancerCommands.Start(new LoadBalancerId(i)));
        }
        _steps.Enqueue(TrafficCommands.StartTraffic.Instance);
        Continue();
    }

    /// <summary>Takes the next step of the event that is being handled; after the last, delivers the next message.</summary>
    private void Continue()
    {
        while (true)
        {
            if (_steps.TryDequeue(out IMessage? step))
            {
                Tell(step is LoadBalancerCommands.Decide decide && _control is { IsCentral: true } ? _control.Decide(decide.LoadBalancer)
                    : step);
                return;
            }
            if (IsStopping)
            {
                End(DataCenterEvents.EpisodeStopped.Instance);
                return;
            }
            _current = _time.Take();
            if (_current is null || (!_options.Drain && _current.Time > _model.Traffic.Duration))
            {
                Tell(new TrafficCommands.ReportJobs(_completed));
                return;
            }
            if (Deliver(_current))
            {
                return;
            }
        }
    }

    /// <returns>Whether an answer is awaited.</returns>
    private bool Deliver(ITimedMessage message)
    {
        _options.Observer?.Invoke(message.Time, message.Kind);
        // Samples are no events of the data centre, and of a server's alarm the stages that end count.
        _events += message.Kind is EventKind.Sample or EventKind.ServerDue ? 0 : 1;
        switch (message)
        {
            case LoadBalancerCommands.OpenConnection when _tellsTruth:
            case DataCenterCommands.Sample:
                AskLoads(message.Time);
                return true;
            case DataCenterCommands.Control control:
                Control(control);
                return false;
            case DataCenterCommands.Detect detect:
                _availability.Detect(detect.Server.Index, _isUp[detect.Server.Index]);
                AnnounceAvailable();
                return false;
            case ServerCommands.TakeJob take:
                _survey.AddOnWay(take, -1);
                Tell(take);
                return true;
            case LoadBalancerCommands.TakeReply take when _options.RecordReplies:
                _replies.Add(new ProbeRecord(take.Time, take.LoadBalancer.Index, take.Server.Index, take.Reply));
                Tell(take);
                return true;
            default:
                Tell((IMessage)message);
                return true;
        }
    }

    private void OnHandled(DataCenterEvents.EventHandled handled)
    {
        _events += handled.Stages;
        _completed += handled.Completed;
        foreach (ITimedMessage message in handled.Next)
        {
            Send(message);
        }
        if (_asked is ITrafficMessage)
        {
            // The next job, if there is one, is the last that it tells.
            _arrivalsOver = handled.Next is not [.., TrafficCommands.SendJob];
        }
        switch (_current)
        {
            case LoadBalancerCommands.CloseConnection:
                // All that a close leads to is that the job is sent again.
                _alive -= handled.Next.IsEmpty ? 1 : 0;
                break;
            case LoadBalancerCommands.OpenConnection:
                _alive -= handled.Completed;
                break;
            case ServerCommands.Change change:
                OnChanged(change);
                break;
            default:
                break;
        }
        Continue();
    }

    private void OnStored(LoadBalancerEvents.EpisodeStored stored)
    {
        _parts[stored.LoadBalancer.Index] = stored.Part;
        if (--_unstored > 0)
        {
            return;
        }
        if (_handsOver && _control is { IsCentral: true })
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                _parts[i] = _control.Finish(new LoadBalancerId(i));
            }
        }
        _result = _result! with { Failures = [.. _failures.OfType<FailureReport>()] };
        End(new DataCenterEvents.EpisodePlayed(_result, _handsOver ? [.. _parts.Select(part => part!)] : []));
    }

    private void Tell(IMessage message)
    {
        _asked = message;
        switch (message)
        {
            case ILoadBalancerMessage toLoadBalancer:
                _addresses.Tell(toLoadBalancer, _self);
                break;
            case IServerMessage toServer:
                _addresses.Tell(toServer, _self);
                break;
            default:
                _addresses.Tell((ITrafficMessage)message, _self);
                break;
        }
    }

    private void Send(ITimedMessage message)
    {
        switch (message)
        {
            case TrafficCommands.SendJob:
                _alive++;
                break;
            case ServerCommands.TakeJob take:
                _survey.AddOnWay(take, 1);
                break;
            case ServerCommands.AnswerProbe:
                _probes++;
                break;
            case LoadBalancerCommands.SendProbes or LoadBalancerCommands.SendChecks when IsOver(message.Time):
                return;
            default:
                break;
        }
        _time.Send(message);
    }

    private void OnChanged(ServerCommands.Change change)
    {
        int server = change.Server.Index;
        switch (change.What.Kind)
        {
            case CapacityChangeKind.Fail or CapacityChangeKind.Return:
                _isUp[server] = change.What.Kind == CapacityChangeKind.Return;
                if (_model.Failures.Health is null)
                {
                    _time.Send(new DataCenterCommands.Detect(change.Time + _model.DetectionDelay, change.Server));
                }
                break;
            case CapacityChangeKind.Add:
                _isUp[server] = true;
                break;
            default:
                break;
        }
        if (_availability.Administer(change.What))
        {
            AnnounceAvailable();
        }
    }

    private void Control(DataCenterCommands.Control control)
    {
        for (int i = 0; i < _model.LoadBalancers; i++)
        {
            _steps.Enqueue(new LoadBalancerCommands.Observe(new LoadBalancerId(i), control.Time, control.Moment));
        }
        if (control.Moment == _model.LastMoment)
        {
            return;
        }
        for (int i = 0; i < _model.LoadBalancers; i++)
        {
            _steps.Enqueue(new LoadBalancerCommands.Decide(new LoadBalancerId(i)));
        }
        _time.Send(new DataCenterCommands.Control(control.Time + _model.ControlPeriod, control.Moment + 1));
    }

    private void AskLoads(long now)
    {
        _survey.Begin();
        for (int j = 0; j < _model.Servers.Count; j++)
        {
            Tell(new ServerCommands.ReportLoad(new ServerId(j), now));
        }
    }

    private void OnLoadReported(ServerEvents.LoadReported reported)
    {
        if (!_survey.Take(reported))
        {
            return;
        }
        if (_current is LoadBalancerCommands.OpenConnection open)
        {
            Tell(open with { Truth = _survey.Truth() });
            return;
        }
        long now = _current!.Time;
        _samples.Add(_survey.Sample(now));
        if (now + _model.SampleInterval <= _model.Traffic.Duration)
        {
            _time.Send(new DataCenterCommands.Sample(now + _model.SampleInterval));
        }
        Continue();
    }

    private void AnnounceAvailable()
    {
        ImmutableArray<bool> available = [.. _availability.Available], watched = [.. _availability.Watched];
        for (int i = 0; i < _model.LoadBalancers; i++)
        {
            Tell(new LoadBalancerCommands.SetAvailable(new LoadBalancerId(i), available));
            if (_model.Failures.IsOn)
            {
                Tell(new LoadBalancerCommands.Watch(new LoadBalancerId(i), watched));
            }
        }
    }

    private bool IsOver(long now) => now > _model.Traffic.Duration || (_arrivalsOver && _alive == 0);
}

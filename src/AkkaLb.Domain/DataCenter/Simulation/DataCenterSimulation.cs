using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>
/// Simulates one episode event by event: clients send jobs through an edge router to random load balancers, those choose servers, servers
/// work and answer the clients directly, and the load balancer sees the connection close. An object runs once.
/// </summary>
public sealed class DataCenterSimulation
{
    // Events from one look at the cancellation to the next, less one.
    private const long CancellationMask = 1023;

    private readonly DataCenterModel _model;
    private readonly SimulationOptions _options;
    private readonly EventQueue _queue = new();
    private readonly JobTable _jobs = new();
    private readonly TrafficSource _traffic;
    private readonly ServerModel[] _servers;
    private readonly LoadBalancer[] _loadBalancers;
    private readonly ControlLoop? _control;
    private readonly ProbeNetwork _probes;
    private readonly long[] _due;
    private readonly ServerAvailability _availability;
    private readonly TrueState? _truth;
    private readonly List<LoadSample> _samples = [];
    private readonly List<ProbeRecord> _replies = [];
    private JobRecord[] _records;
    private long _created, _completed, _events;
    private bool _arrivalsOver;

    /// <exception cref="ArgumentException">There is no such policy, or controllers are given to one that takes no weights.</exception>
    public DataCenterSimulation(DataCenterModel model, SimulationOptions options)
    {
        int servers = model.Servers.Count;
        _model = model;
        _options = options;
        _traffic = new TrafficSource(model.Traffic, model.LoadBalancers, options.Seed, options.Episode);
        _servers = [.. model.Servers.Select(s => new ServerModel(s, _jobs))];
        _due = new long[servers];
        Array.Fill(_due, Ticks.Never);
        _availability = new ServerAvailability(model);
        _truth = DispatchPolicies.Names.Contains(options.Policy) && DispatchPolicies.IsGlobal(options.Policy)
            ? new TrueState(_servers) : null;
        _records = options.RecordJobs ? new JobRecord[1024] : [];
        _probes = new ProbeNetwork(model, options.Seed, options.Episode, _queue);
        bool observed = options.Controllers.Count > 0;
        _loadBalancers = [.. Enumerable.Range(0, model.LoadBalancers).Select(i => LoadBalancerFactory.Create(
            model, i, options.Policy, options.Seed, options.Episode, observed, _probes.Of(i), _truth))];
        _control = observed ? new ControlLoop(model, options, _loadBalancers, _servers) : null;
    }

    /// <summary>Runs the episode.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before its end.</exception>
    public SimulationResult Run(CancellationToken cancellation = default)
    {
        for (int j = 0; j < _servers.Length; j++)
        {
            if (!_availability.Available[j])
            {
                _servers[j].Fail(0, []);
            }
        }
        AnnounceAvailable();
        Begin();
        long handled = 0;
        while (_queue.TryPop(out long now, out uint what) && (_options.Drain || now <= _model.Traffic.Duration))
        {
            if ((++handled & CancellationMask) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            Handle(now, (EventKind)(what >> EventKinds.Shift), (int)(what & EventKinds.IndexMask));
        }
        int recorded = _options.RecordJobs ? (int)_created : 0;
        return new SimulationResult(new ArraySegment<JobRecord>(_records, 0, recorded), _completed, _events, _probes.Sent, _samples)
        {
            Replies = _replies,
            Failures = [.. _loadBalancers.Select(b => b.Failures).OfType<FailureReport>()],
        };
    }

    private void Begin()
    {
        for (int c = 0; c < _model.Changes.Count; c++)
        {
            Schedule(_model.Changes[c].Time, EventKind.Change, c);
        }
        if (_control is not null)
        {
            Schedule(0, EventKind.Control, 0);
        }
        if (_model.SampleInterval > 0)
        {
            Schedule(0, EventKind.Sample, 0);
        }
        for (int i = 0; i < _loadBalancers.Length; i++)
        {
            if (_loadBalancers[i].Policy is IProbingPolicy { Period: > 0 })
            {
                Schedule(0, EventKind.Tick, i);
            }
            if (_model.Failures.Health is not null)
            {
                ScheduleUntilOver(_model.FirstCheck(i), EventKind.Check, i);
            }
        }
        DrawNext();
    }

    private void Handle(long now, EventKind kind, int index)
    {
        _events++;
        _options.Observer?.Invoke(now, kind);
        switch (kind)
        {
            case EventKind.Create:
                Schedule(now + _jobs[index].ToLoadBalancer, EventKind.AtLoadBalancer, index);
                DrawNext();
                break;
            case EventKind.AtLoadBalancer:
                Dispatch(now, index);
                break;
            case EventKind.AtServer:
                Arrive(now, index);
                break;
            case EventKind.ServerDue:
                WorkOff(now, index);
                break;
            case EventKind.Close:
                Close(now, index);
                break;
            case EventKind.Control:
                _control!.Act(now, index);
                if (index < _model.LastMoment)
                {
                    Schedule(now + _model.ControlPeriod, EventKind.Control, index + 1);
                }
                break;
            case EventKind.Tick:
                Tick(now, index);
                break;
            case EventKind.Check:
                Check(now, index);
                break;
            case EventKind.ProbeAtServer:
                _probes.Answer(now, index, _servers[_probes.ServerOf(index)]);
                break;
            case EventKind.ProbeTimeout:
                _probes.GiveUp(now, index, _loadBalancers);
                break;
            case EventKind.ProbeReply:
                if (_probes.Deliver(now, index, _loadBalancers) is { } reply && _options.RecordReplies)
                {
                    _replies.Add(reply);
                }
                break;
            case EventKind.Change:
                Change(now, index);
                break;
            case EventKind.Detected:
                int noticed = _model.Changes[index].Server.Index;
                _availability.Detect(noticed, _servers[noticed].IsUp);
                AnnounceAvailable();
                break;
            case EventKind.Sample:
                Sample(now);
                break;
            default:
                throw new InvalidOperationException($"unknown event {kind}");
        }
    }

    /// <summary>Draws the next job and schedules its making.</summary>
    private void DrawNext()
    {
        int job = _jobs.Add();
        if (!_traffic.TryNext(ref _jobs[job]))
        {
            _jobs.Remove(job);
            _arrivalsOver = true;
            return;
        }
        if (_options.RecordJobs)
        {
            if (_created == _records.Length)
            {
                Array.Resize(ref _records, _records.Length * 2);
            }
            _records[_created] = JobRecord.Sent(_jobs[job]);
        }
        _created++;
        Schedule(_jobs[job].Created, EventKind.Create, job);
    }

    private void Dispatch(long now, int index)
    {
        ref Job job = ref _jobs[index];
        _probes.Now = now;
        if (!_loadBalancers[job.LoadBalancer].TryOpen(ref job, now))
        {
            (job.Rejected, job.Server) = (true, -1);
            Record(ref job, now);
            _jobs.Remove(index);
            return;
        }
        Send(now, index);
    }

    private void Send(long now, int index)
    {
        ref Job job = ref _jobs[index];
        _truth?.AddOnWay(job, 1);
        Schedule(now + job.ToServer, EventKind.AtServer, index);
    }

    private void Arrive(long now, int index)
    {
        ref Job job = ref _jobs[index];
        _truth?.AddOnWay(job, -1);
        if (_servers[job.Server].Arrive(now, index))
        {
            ScheduleServer(job.Server);
        }
        else
        {
            Fail(now, index, established: false);
        }
    }

    /// <summary>A server refuses a job, or is dead and says nothing.</summary>
    private void Fail(long now, int index, bool established)
    {
        ref Job job = ref _jobs[index];
        (job.Rejected, job.TimedOut) = (true, !_servers[job.Server].IsUp);
        if (_model.Failures.Seen(job, now, established) is { } seen)
        {
            job.Returned = true;
            Schedule(seen, EventKind.Close, index);
            return;
        }
        Leave(now, index);
    }

    private void Close(long now, int index)
    {
        ref Job job = ref _jobs[index];
        LoadBalancer loadBalancer = _loadBalancers[job.LoadBalancer];
        loadBalancer.Close(job, now);
        if (job.Returned)
        {
            if (loadBalancer.TryOpenAgain(ref job, now))
            {
                Send(now, index);
                return;
            }
            Record(ref job, now);
        }
        _jobs.Remove(index);
    }

    private void WorkOff(long now, int server)
    {
        _events--;
        if (_due[server] != now)
        {
            return;
        }
        _due[server] = Ticks.Never;
        ServerModel model = _servers[server];
        while (model.TryComplete(now, out int left))
        {
            _events++;
            if (left >= 0)
            {
                Leave(now, left);
            }
        }
        ScheduleServer(server);
    }

    /// <summary>A job leaves its server: the reply reaches the client, and the close then the load balancer.</summary>
    private void Leave(long now, int index)
    {
        ref Job job = ref _jobs[index];
        Record(ref job, now);
        Schedule(now + job.UntilClosed, EventKind.Close, index);
    }

    private void Record(ref Job job, long left)
    {
        _completed++;
        if (_options.RecordJobs)
        {
            _records[job.Number] = JobRecord.Ended(job, left);
        }
    }

    private void Tick(long now, int loadBalancer)
    {
        IProbingPolicy policy = (IProbingPolicy)_loadBalancers[loadBalancer].Policy;
        _probes.Now = now;
        policy.Tick(now);
        ScheduleUntilOver(now + policy.Period, EventKind.Tick, loadBalancer);
    }

    private void Check(long now, int loadBalancer)
    {
        _probes.Check(now, loadBalancer, _loadBalancers[loadBalancer].Watched);
        ScheduleUntilOver(now + _model.Failures.Health!.Interval, EventKind.Check, loadBalancer);
    }

    private void Change(long now, int index)
    {
        CapacityChange change = _model.Changes[index];
        int server = change.Server.Index;
        ServerModel model = _servers[server];
        switch (change.Kind)
        {
            case CapacityChangeKind.Speed:
                model.SetSpeed(now, change.Speed);
                ScheduleServer(server);
                break;
            case CapacityChangeKind.Fail:
                List<int> lost = [];
                model.Fail(now, lost);
                foreach (int job in lost)
                {
                    Fail(now, job, established: true);
                }
                break;
            case CapacityChangeKind.Return or CapacityChangeKind.Add:
                model.Return();
                break;
            default:
                break;
        }
        if (change.Kind is CapacityChangeKind.Fail or CapacityChangeKind.Return)
        {
            if (_model.Failures.Health is null)
            {
                Schedule(now + _model.DetectionDelay, EventKind.Detected, index);
            }
        }
        else if (_availability.Administer(change))
        {
            AnnounceAvailable();
        }
    }

    private void Sample(long now)
    {
        _events--;
        _samples.Add(new LoadSample(
            now,
            [.. _servers.Select(s => s.Present)],
            [.. _servers.Select(s => (float)s.RemainingTime(now))],
            [.. _servers.Select(s => s.Busy)],
            [.. _servers.Select(s => (float)s.ProcessorUse)]));
        if (now + _model.SampleInterval <= _model.Traffic.Duration)
        {
            Schedule(now + _model.SampleInterval, EventKind.Sample, 0);
        }
    }

    private void AnnounceAvailable()
    {
        foreach (LoadBalancer loadBalancer in _loadBalancers)
        {
            loadBalancer.SetAvailable(_availability.Available);
            if (_model.Failures.IsOn)
            {
                loadBalancer.Watch(_availability.Watched);
            }
        }
    }

    private bool IsOver(long now) => now > _model.Traffic.Duration || (_arrivalsOver && _jobs.Count == 0);

    private void ScheduleServer(int server)
    {
        long next = _servers[server].NextCompletion;
        if (next < _due[server])
        {
            _due[server] = next;
            Schedule(next, EventKind.ServerDue, server);
        }
    }

    /// <summary>Schedules what load balancers do as long as there are jobs.</summary>
    private void ScheduleUntilOver(long time, EventKind kind, int index)
    {
        if (!IsOver(time))
        {
            Schedule(time, kind, index);
        }
    }

    private void Schedule(long time, EventKind kind, int index) => _queue.Push(time, kind.Of(index));
}

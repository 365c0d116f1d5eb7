using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.DataCenter.Servers;

/// <summary>
/// One server: p processors under blocked processor sharing (of n ≤ p·m jobs each has speed min(1, p/n); more wait in order of arrival)
/// and one disk under processor sharing. A job alternates between them by its stages. The model does not know of events: it says when
/// its next stage ends, and is told when that time has come.
/// </summary>
public sealed class ServerModel
{
    // Weight of a completion in the latency that probes are told, and the levels of jobs found that it is kept for.
    private const float LatencyGain = 0.125f;
    private const int MostLevels = 128;

    // Of a published server, if it has no more slots.
    private const int Threads = 32;

    private readonly JobTable _jobs;
    private readonly int _slots;
    private readonly float[] _latencies;
    private SharedResource _processor, _disk;
    private int[] _waiting = new int[4];
    private int _waitingHead, _waitingCount;
    private long _waitingWork, _laterProcessor, _laterDisk;

    public ServerModel(ServerOptions options, JobTable jobs)
    {
        Options = options;
        _jobs = jobs;
        _slots = options.Workers * options.JobsPerWorker;
        _latencies = new float[Math.Min(options.Capacity, MostLevels)];
        _processor = new SharedResource(options.Workers);
        _disk = new SharedResource(1);
        SetSpeed(0, options.Speed);
    }

    public ServerOptions Options { get; }

    /// <summary>A server that is down rejects every job.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Jobs on the server.</summary>
    public int Present => _processor.Count + _disk.Count + _waitingCount;

    /// <summary>
    /// Busy threads, as a probe of the published baseline counts them: a job has one from its arrival on, whether it is served or waits, as
    /// long as there are any (specification of data centres, sections 4 and 6.1: MaxRequestWorkers 32).
    /// </summary>
    public int Busy => Math.Min(Present, Math.Max(Threads, _processor.Count + _disk.Count));

    /// <summary>Share of the processors that work, 0 to 1.</summary>
    public double ProcessorUse => (double)Math.Min(_processor.Count, Options.Workers) / Options.Workers;

    /// <summary>What a probe that is here now is told.</summary>
    public ProbeReply Probe() => new(Busy, Present, ExpectedLatency(), ProcessorUse);

    /// <summary>When the next stage ends; <see cref="Ticks.Never"/> when idle.</summary>
    public long NextCompletion => Math.Min(_processor.NextCompletion, _disk.NextCompletion);

    /// <summary>Work per second of a lone job, in steps of 1/1024.</summary>
    public double Speed => (double)_processor.Speed / SharedResource.UnitsPerTick;

    /// <summary>A job arrives.</summary>
    /// <returns>False when it is rejected.</returns>
    public bool Arrive(long now, int job)
    {
        if (!IsUp || Present >= Options.Capacity)
        {
            return false;
        }
        ref Job arrived = ref _jobs[job];
        (arrived.Started, arrived.Stage, arrived.Found) = (now, 0, Present);
        (arrived.LaterProcessor, arrived.LaterDisk) = (arrived.Processor, arrived.Disk);
        _laterProcessor += arrived.LaterProcessor;
        _laterDisk += arrived.LaterDisk;
        BeginStage(now, job, ref arrived);
        return true;
    }

    /// <summary>Ends one stage that is due at or before now.</summary>
    /// <param name="left">The job if it has left the server, otherwise −1.</param>
    /// <returns>False when no stage is due.</returns>
    public bool TryComplete(long now, out int left)
    {
        left = -1;
        _processor.Advance(now);
        int job = _processor.TakeCompleted();
        if (job >= 0)
        {
            if (_waitingCount > 0)
            {
                int next = _waiting[_waitingHead];
                _waitingHead = (_waitingHead + 1) % _waiting.Length;
                _waitingCount--;
                ref Job started = ref _jobs[next];
                _waitingWork -= started.Work[started.Stage];
                _processor.Add(next, started.Work[started.Stage]);
            }
        }
        else
        {
            _disk.Advance(now);
            job = _disk.TakeCompleted();
            if (job < 0)
            {
                return false;
            }
        }
        ref Job done = ref _jobs[job];
        if (++done.Stage < done.Stages)
        {
            BeginStage(now, job, ref done);
        }
        else
        {
            float latency = (float)Ticks.ToSeconds(now - done.Started);
            ref float average = ref _latencies[Math.Min(done.Found, _latencies.Length - 1)];
            average = average == 0 ? latency : average + LatencyGain * (latency - average);
            left = job;
        }
        return true;
    }

    /// <summary>
    /// What a job that arrives now may expect, in seconds: the moving average of those that found as many jobs here, or of the nearest
    /// number for which one has left; 0 before any has.
    /// </summary>
    public double ExpectedLatency()
    {
        int here = Math.Min(Present, _latencies.Length - 1);
        for (int away = 0; away < _latencies.Length; away++)
        {
            if (here - away >= 0 && _latencies[here - away] > 0)
            {
                return _latencies[here - away];
            }
            if (here + away < _latencies.Length && _latencies[here + away] > 0)
            {
                return _latencies[here + away];
            }
        }
        return 0;
    }

    /// <summary>Processor work left of all jobs here, in seconds of one processor at speed 1.</summary>
    public double ProcessorWork(long now) => Ticks.ToSeconds(_processor.Remaining(now) + _waitingWork + _laterProcessor);

    /// <summary>Disk work left of all jobs here, in seconds at speed 1.</summary>
    public double DiskWork(long now) => Ticks.ToSeconds(_disk.Remaining(now) + _laterDisk);

    /// <summary>
    /// Seconds to do all work here if all processors were busy until its end and the disk then: work/(p·speed) + disk work/speed.
    /// </summary>
    public double RemainingTime(long now) => (ProcessorWork(now) / Options.Workers + DiskWork(now)) / Speed;

    /// <summary>Adds the remaining time of the jobs of each load balancer to its place.</summary>
    public void AddRemainingTimes(long now, Span<double> perLoadBalancer)
    {
        for (int place = 0; place < _processor.Count; place++)
        {
            AddRemaining(_processor.Job(place), _processor.Remaining(place, now), 0, perLoadBalancer);
        }
        for (int place = 0; place < _disk.Count; place++)
        {
            AddRemaining(_disk.Job(place), 0, _disk.Remaining(place, now), perLoadBalancer);
        }
        for (int k = 0; k < _waitingCount; k++)
        {
            int job = _waiting[(_waitingHead + k) % _waiting.Length];
            AddRemaining(job, _jobs[job].Work[_jobs[job].Stage], 0, perLoadBalancer);
        }
    }

    /// <param name="speed">Work per second of a lone job, 1/1024 to 1024; rounded to steps of 1/1024.</param>
    public void SetSpeed(long now, double speed)
    {
        int units = Math.Clamp((int)Math.Round(speed * SharedResource.UnitsPerTick), 1, SharedResource.UnitsPerTick * 1024);
        _processor.SetSpeed(now, units);
        _disk.SetSpeed(now, units);
    }

    /// <summary>The server goes down; its jobs are lost.</summary>
    /// <param name="lost">Gets the jobs that were here.</param>
    public void Fail(long now, ICollection<int> lost)
    {
        for (int place = 0; place < _processor.Count; place++)
        {
            lost.Add(_processor.Job(place));
        }
        for (int place = 0; place < _disk.Count; place++)
        {
            lost.Add(_disk.Job(place));
        }
        for (int k = 0; k < _waitingCount; k++)
        {
            lost.Add(_waiting[(_waitingHead + k) % _waiting.Length]);
        }
        _processor.Clear(now);
        _disk.Clear(now);
        (_waitingCount, _waitingWork, _laterProcessor, _laterDisk) = (0, 0, 0, 0);
        IsUp = false;
    }

    /// <summary>The server comes up, empty.</summary>
    public void Return() => IsUp = true;

    private void BeginStage(long now, int job, ref Job starting)
    {
        long work = starting.Work[starting.Stage];
        if ((starting.Stage & 1) == 1)
        {
            starting.LaterDisk -= work;
            _laterDisk -= work;
            _disk.Advance(now);
            _disk.Add(job, work);
            return;
        }
        starting.LaterProcessor -= work;
        _laterProcessor -= work;
        _processor.Advance(now);
        if (_processor.Count < _slots)
        {
            _processor.Add(job, work);
            return;
        }
        if (_waitingCount == _waiting.Length)
        {
            int[] larger = new int[_waitingCount * 2];
            for (int k = 0; k < _waitingCount; k++)
            {
                larger[k] = _waiting[(_waitingHead + k) % _waitingCount];
            }
            (_waiting, _waitingHead) = (larger, 0);
        }
        _waiting[(_waitingHead + _waitingCount++) % _waiting.Length] = job;
        _waitingWork += work;
    }

    private void AddRemaining(int job, long processor, long disk, Span<double> perLoadBalancer)
    {
        ref readonly Job here = ref _jobs[job];
        perLoadBalancer[here.LoadBalancer] +=
            (Ticks.ToSeconds(processor + here.LaterProcessor) / Options.Workers + Ticks.ToSeconds(disk + here.LaterDisk)) / Speed;
    }
}

using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.DataCenter.Traffic;

/// <summary>
/// Makes the jobs of an episode, one after the other. Job k's draws stand at substream (episode, k) of the stream "traffic" and depend on
/// nothing else.
/// </summary>
public sealed class TrafficSource
{
    // Substreams hold the episode above the job's number: 2^40 jobs of 2^24 episodes.
    private const int NumberBits = 40;

    // Of the angle at which a job comes under a modulated rate.
    private const double Accuracy = 1e-13;
    private const int MostSteps = 60;

    private readonly TrafficOptions _options;
    private readonly RandomStream _random;
    private readonly int _loadBalancers;
    private readonly ulong _episode;
    private readonly double[] _cumulativeShares;
    private long _clock, _number;

    /// <param name="loadBalancers">M; every job goes to one of them, uniformly.</param>
    public TrafficSource(TrafficOptions options, int loadBalancers, ulong seed, ulong episode)
    {
        _options = options;
        _random = new RandomStream(seed, "traffic");
        _loadBalancers = loadBalancers;
        _episode = episode;
        double total = options.Classes.Sum(c => c.Share), sum = 0;
        _cumulativeShares = [.. options.Classes.Select(c => (sum += c.Share) / total)];
    }

    /// <summary>Draws the next job.</summary>
    /// <returns>False when there is none before the end.</returns>
    public bool TryNext(ref Job job)
    {
        RandomStream random = _random;
        random.MoveTo((_episode << NumberBits) | (ulong)_number);
        job.Hash = random.NextUInt32();
        job.LoadBalancer = random.NextInt32(_loadBalancers);
        double gap = -Math.Log(1 - random.NextDouble()), kind = random.NextDouble();
        long time;
        if (_options.Trace is { } trace)
        {
            if (_number >= trace.Count)
            {
                return false;
            }
            time = trace[(int)_number].Time;
        }
        else
        {
            _clock += Duration(Wait(gap));
            time = _clock;
        }
        if (time >= _options.Duration)
        {
            return false;
        }
        job.Number = _number;
        job.Created = time;
        (job.Rejected, job.TimedOut, job.Returned, job.Retries) = (false, false, false, 0);
        job.ToLoadBalancer = Hop() + Processing() + Hop() + Processing();
        job.ToServer = Hop() + Processing();
        job.ToClient = Hop();
        job.ToClose = Hop();
        DrawWork(ref job, kind);
        _number++;
        return true;
    }

    /// <summary>
    /// Seconds until the integral of the rate has grown by so much: with the angle x that the modulation turns by meanwhile,
    /// x + A (cos φ − cos(φ + x)) is that of a steady rate. It grows with x, so bounded Newton steps find it.
    /// </summary>
    private double Wait(double growth)
    {
        double steady = growth / _options.Rate, amplitude = _options.ModulationAmplitude;
        if (amplitude == 0)
        {
            return steady;
        }
        double speed = 2 * Math.PI / _options.ModulationPeriod, turned = steady * speed;
        double phase = Ticks.ToSeconds(_clock) % _options.ModulationPeriod * speed, cosine = Math.Cos(phase);
        double low = Math.Max(0, turned - 2 * amplitude), high = turned + 2 * amplitude, angle = turned;
        for (int step = 0; step < MostSteps; step++)
        {
            double excess = angle + amplitude * (cosine - Math.Cos(phase + angle)) - turned;
            if (Math.Abs(excess) <= Accuracy * (1 + turned))
            {
                break;
            }
            (low, high) = excess > 0 ? (low, angle) : (angle, high);
            double next = angle - excess / (1 + amplitude * Math.Sin(phase + angle));
            angle = next > low && next < high ? next : (low + high) / 2;
        }
        return angle / speed;
    }

    private void DrawWork(ref Job job, double kind)
    {
        int c = 0;
        long work = TraceRow.Drawn;
        if (_options.Trace is { } trace)
        {
            TraceRow row = trace[(int)_number];
            (c, work) = (row.Class, row.Work);
        }
        else
        {
            while (kind >= _cumulativeShares[c] && c + 1 < _cumulativeShares.Length)
            {
                c++;
            }
        }
        JobClass jobClass = _options.Classes[c];
        job.Class = (byte)c;
        job.Stages = (byte)jobClass.Stages;
        long processor = work == TraceRow.Drawn ? Duration(jobClass.Processor.Draw(_random)) : work;
        Cut(ref job, 0, processor);
        if (jobClass.Stages > 1)
        {
            Cut(ref job, 1, Duration(jobClass.Disk.Draw(_random)));
        }
    }

    /// <summary>Splits a total over the stages of its kind: each takes a uniform part of what is left, the last all of it.</summary>
    private void Cut(ref Job job, int first, long left)
    {
        for (int s = first; s < job.Stages; s += 2)
        {
            long part = s + 2 < job.Stages ? (long)(left * _random.NextDouble()) : left;
            job.Work[s] = part;
            left -= part;
        }
    }

    // The tail of a law may leave what times can hold.
    private static long Duration(double seconds) => Ticks.FromSeconds(Math.Min(seconds, Ticks.ToSeconds(Ticks.Longest)));

    private int Hop() => Uniform(_options.Hop);

    private int Processing() => Uniform(_options.Processing);

    private int Uniform((int Low, int High) range) =>
        range.Low + (int)((ulong)(range.High - range.Low) * _random.NextUInt32() >> 32);
}

using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Hocon;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.AccessLogs;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>Reads the family <c>datacenter</c> from a resolved configuration.</summary>
internal static class DataCenterExperimentReader
{
    public const string TraceKey = Traffic + ".trace";

    private const string DurationKey = Traffic + ".duration", LoadKey = Traffic + ".load", Automatic = "auto";

    private const long DefaultDuration = 60 * Ticks.PerSecond;

    /// <summary>What a policy can work with: with weights near 0 its scores and shares would be infinite or nothing.</summary>
    public const double LeastWeight = 1e-9;

    private const double MostWeight = 1e9;

    // Our ticks in one of TimeSpan's.
    private const long TicksPerTick = Ticks.PerSecond / TimeSpan.TicksPerSecond;

    // Jobs, or moments, of an episode, each of which has a record; and seconds that all work together may take, which times can hold.
    private const double MostJobs = 1e8, MostWork = 1e9;

    // Of a batch of sequences, and of an observation for each server.
    private const double MostNumbers = 1 << 28;
    private const int MostFeatures = 16;

    // The words of changes, which are all that is allowed: not numbers, signs or several at once.
    private static readonly Dictionary<string, CapacityChangeKind> ChangeWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["speed"] = CapacityChangeKind.Speed,
        ["fail"] = CapacityChangeKind.Fail,
        ["return"] = CapacityChangeKind.Return,
        ["drain"] = CapacityChangeKind.Drain,
        ["add"] = CapacityChangeKind.Add,
        ["maintain"] = CapacityChangeKind.Maintain,
        ["enable"] = CapacityChangeKind.Enable,
    };

    private const string Section = "akkalb.datacenter", Servers = Section + ".servers", Traffic = Section + ".traffic";

    /// <param name="source">Named in errors.</param>
    /// <param name="baseFolder">Files are read relative to it.</param>
    /// <exception cref="InvalidInputException">A value is out of its range, or the trace is not as expected.</exception>
    public static DataCenterExperiment Read(Config config, string source, string baseFolder)
    {
        SectionReader reader = new(config, source);
        ulong seed = reader.Seed("akkalb.seed");
        IReadOnlyList<int> workers = reader.Integers($"{Servers}.workers", 1, 1024);
        int jobsPerWorker = reader.Integer($"{Servers}.jobs-per-worker", 1, 1024), capacity = reader.Integer(
            $"{Servers}.capacity", 1, 1_000_000);
        IReadOnlyList<double> weights = ReadWeights(reader, workers);
        IReadOnlyList<CapacityChange> changes = ReadChanges(reader, workers.Count);
        IReadOnlyList<string> policies = ReadPolicies(reader);
        string baseline = reader.Text($"{Section}.baseline");
        if (!policies.Contains(baseline))
        {
            reader.Problem($"{Section}.baseline", $"one of the policies that are compared: {string.Join(", ", policies)}");
        }
        int repetitions = reader.Integer($"{Section}.repetitions", 1, 10_000), loadBalancers = reader.Integer(
            $"{Section}.load-balancers", 1, 1024);
        long detection = ReadTicks(reader, $"{Section}.detection-delay", 0), probePeriod = ReadTicks(
            reader, $"{Section}.probe-period", Ticks.PerMillisecond);
        long sampleInterval = ReadTicks(reader, $"{Section}.sample-interval", Ticks.PerMillisecond);
        FailureOptions failures = FailureReader.Read(reader);
        TrafficOptions traffic = ReadTraffic(reader, workers.Sum());
        double iteration = reader.Number($"{Traffic}.trace-iteration", 0, 1e9, open: true);
        LogOptions log = TraceReader.ReadOptions(reader);
        bool monitors = reader.Switch($"{Section}.probe-always");
        bool actors = reader.Switch($"{Section}.actors");
        LearningPlan? learning = LearningReader.Read(reader);
        long controlPeriod = ReadTicks(reader, $"{Section}.control-period", Ticks.PerMillisecond);
        if (learning is not null && controlPeriod > Math.Min(traffic.Duration, learning.Duration))
        {
            reader.Problem($"{Section}.control-period", "a duration no longer than those of the traffic and of a training episode");
        }
        bool apart = learning?.Options.Net == BalancingNet.PerServer;
        if (apart && actors)
        {
            reader.Problem($"{Section}.actors", "off, as datacenter.learning.net is per-server");
        }
        if (learning?.Variation is not null && (reader.Text(TraceKey).Length > 0 || reader.Text($"{Traffic}.mix") != "single"))
        {
            reader.Problem("akkalb.datacenter.learning.variation.enabled", "off, or traffic.mix = single and no traffic.trace");
        }
        _ = JournalOptions.Read(reader);
        int slots = reader.Integer($"{Section}.sample-slots", 1, 1_000_000);
        reader.ThrowIfInvalid();
        learning = learning is null ? null : learning with { Backend = BackendReader.Create(reader, learning.BackendOptions) };
        ExperimentTrace? trace = null;
        if (reader.Text(TraceKey) is { Length: > 0 } file)
        {
            trace = TraceReader.Read(Path.Combine(baseFolder, file), log, iteration * 1e-9, traffic.Classes[0].Name);
            traffic = Replay(traffic, trace, reader.Text(DurationKey) == Automatic);
            // After the last row nothing comes that could be learnt from.
            learning = learning is null ? null : learning with { Duration = Math.Min(learning.Duration, Whole(trace)) };
            if (controlPeriod > learning?.Duration)
            {
                reader.Problem($"{Section}.control-period", "a duration no longer than that of the trace");
            }
        }
        CheckSize(reader, traffic, learning?.Duration ?? 0, Math.Min(1, changes.Select(c => c.Speed).DefaultIfEmpty(1).Min()));
        if (learning?.Variation is { } variation)
        {
            CheckSize(reader, variation.Most(traffic) with { Duration = learning.Duration }, 0, 1);
        }
        if (learning is not null)
        {
            CheckBatch(reader, learning, loadBalancers, workers.Count, learning.Duration / Math.Max(controlPeriod, 1));
        }
        DataCenterModel model = new()
        {
            Servers = [.. workers.Select(w => new ServerOptions(w) { JobsPerWorker = jobsPerWorker, Capacity = capacity })],
            LoadBalancers = loadBalancers,
            Weights = weights,
            Traffic = traffic,
            Changes = changes,
            DetectionDelay = detection,
            Failures = failures,
            Probing = new ProbeOptions { Period = probePeriod, Monitors = monitors },
            ControlPeriod = Math.Max(controlPeriod, Ticks.PerMillisecond),
            Sampling = new SamplingOptions { Slots = slots, Capacities = apart },
            SampleInterval = sampleInterval,
        };
        return new DataCenterExperiment(reader.ExperimentName, seed, config, model, policies, baseline, repetitions, learning, trace,
            actors);
    }

    private static TrafficOptions ReadTraffic(SectionReader reader, int workers)
    {
        double processor = reader.Number($"{Traffic}.processor", 0, 1000), disk = reader.Number($"{Traffic}.disk", 0, 1000);
        double wikiShare = reader.Number($"{Traffic}.wiki-share", 0, 1), wikiPage = reader.Number(
            $"{Traffic}.wiki-page", 0, 1000, open: true);
        int stages = reader.Integer($"{Traffic}.stages", 1, Job.MostStages);
        ServiceLaw law = reader.Choice(
            $"{Traffic}.law",
            ("exponential", ServiceLaw.Exponential), ("constant", ServiceLaw.Constant), ("uniform", ServiceLaw.Uniform),
            ("normal", ServiceLaw.Normal), ("lognormal", ServiceLaw.Lognormal));
        double variation = reader.Number($"{Traffic}.variation", 0, 100);
        IReadOnlyList<JobClass> classes = reader.Choice<IReadOnlyList<JobClass>>(
            $"{Traffic}.mix",
            ("single", [new JobClass("job", 1, stages, new ServiceTime(law, processor, variation), new ServiceTime(law, disk, variation))]),
            ("wiki", Wiki(wikiShare, wikiPage)));
        double work = classes.Sum(c => c.Share * c.MeanWork) / classes.Sum(c => c.Share);
        if (work <= 0)
        {
            reader.Problem($"{Traffic}.processor", "work: a processor or disk time above 0");
        }
        double rate = reader.Number($"{Traffic}.rate", 0, 1e7), load = reader.Number(LoadKey, 0, 100, open: true);
        string? instead = reader.Text(TraceKey).Length > 0 ? "trace" : rate > 0 ? "rate" : null;
        // Whoever asks for a load gets it, or hears why not; in a file it may stand beside what takes its place.
        string[] without = instead == "trace" ? [LoadKey, $"{Traffic}.rate", $"{Traffic}.modulation"] : instead is null ? [] : [LoadKey];
        foreach (string key in without.Where(reader.IsOverride))
        {
            reader.Problem(key, $"none, as the load is that of '{instead}'");
        }
        return new TrafficOptions
        {
            Classes = classes,
            Rate = rate > 0 ? rate : load * workers / Math.Max(work, 1e-9),
            Duration = reader.Text(DurationKey) == Automatic ? DefaultDuration : ReadTicks(reader, DurationKey, Ticks.PerMillisecond),
            ModulationAmplitude = reader.Number($"{Traffic}.modulation", 0, 0.99),
        };
    }

    /// <summary>Traffic of a trace. A class has the stages and the law of the configured one of its name, or of the first.</summary>
    /// <param name="whole">Whether the duration is that of the trace.</param>
    private static TrafficOptions Replay(TrafficOptions traffic, ExperimentTrace trace, bool whole) => traffic with
    {
        Trace = trace.Rows,
        Classes = [.. trace.Classes.Select((name, k) => (traffic.Classes.FirstOrDefault(c => c.Name == name) ?? traffic.Classes[0]) with
        {
            Name = name,
            Share = trace.Rows.Count(row => row.Class == k),
        })],
        Duration = whole ? Whole(trace) : traffic.Duration,
    };

    /// <summary>Up to its last row, which comes before the end.</summary>
    private static long Whole(ExperimentTrace trace) => Math.Max(trace.Rows[^1].Time + 1, Ticks.PerMillisecond);

    /// <summary>Refuses what would not end or not fit, before anything is written.</summary>
    private static void CheckSize(SectionReader reader, TrafficOptions traffic, long training, double slowest)
    {
        double seconds = Ticks.ToSeconds(Math.Max(traffic.Duration, training)), share = traffic.Classes.Sum(c => c.Share);
        double jobs = traffic.Trace is null ? traffic.Rate * seconds : traffic.Trace.Count;
        double work = traffic.Trace is not null
            ? (traffic.ProcessorWorkPerSecond + traffic.DiskWorkPerSecond) * Ticks.ToSeconds(traffic.Duration)
            : jobs * traffic.Classes.Sum(c => c.Share * c.MeanWork) / share;
        if (jobs > MostJobs)
        {
            reader.Problem(DurationKey,
                $"at most {MostJobs:0} jobs, found {jobs.ToString("G3", CultureInfo.InvariantCulture)} at this rate");
        }
        else if (work / slowest > MostWork)
        {
            reader.Problem(
                DurationKey,
                $"jobs of at most {MostWork:0} s of work together, found {(work / slowest).ToString("G3", CultureInfo.InvariantCulture)} s "
                + "on the slowest server");
        }
        reader.ThrowIfInvalid();
    }

    /// <summary>Refuses moments that cannot be numbered and sequences that no memory holds, before anything is written.</summary>
    private static void CheckBatch(SectionReader reader, LearningPlan plan, int loadBalancers, int servers, long decisions)
    {
        DataCenterLearningOptions options = plan.Options;
        bool joint = options.Method is DataCenterMethod.CentrLb or DataCenterMethod.QMixLb;
        double steps = 1 + Math.Min(decisions, options.SequenceLength == 0 ? decisions : options.SequenceLength + options.BurnIn);
        double inputs = (joint ? loadBalancers : 1.0) * servers * (MostFeatures + options.Levels.Count);
        if (decisions > MostJobs)
        {
            reader.Problem($"{Section}.control-period", $"at most {MostJobs:0} moments of a training episode, found {decisions}");
        }
        double numbers = steps * options.Batch * Math.Max(inputs, options.Hidden);
        if (numbers > MostNumbers)
        {
            reader.Problem(
                $"{Section}.learning.batch",
                $"sequences of at most {MostNumbers:0} numbers together, found {numbers.ToString("G3", CultureInfo.InvariantCulture)} "
                + "('sequence', 'burn-in', 'duration', load balancers and servers count too)");
        }
        reader.ThrowIfInvalid();
    }

    /// <summary>
    /// A synthetic stand-in for the published Wikipedia traffic, of its documented mean times: pages on the processor, files mostly on the
    /// disk.
    /// </summary>
    private static IReadOnlyList<JobClass> Wiki(double share, double page) =>
    [
        new JobClass("wiki", Math.Max(share, 1e-9), 1, new ServiceTime(ServiceLaw.Lognormal, page), default),
        new JobClass("static", Math.Max(1 - share, 1e-9), 2, new ServiceTime(ServiceLaw.Exponential, 0.001),
            new ServiceTime(ServiceLaw.Exponential, 0.001)),
    ];

    private static IReadOnlyList<double> ReadWeights(SectionReader reader, IReadOnlyList<int> workers)
    {
        IReadOnlyList<string> texts = reader.Texts($"{Servers}.weights");
        List<double> weights = [.. texts.Select(t =>
            double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double w) && w is >= LeastWeight and <= MostWeight ? w
                : 0)];
        if (weights.Contains(0) || (weights.Count > 0 && weights.Count != workers.Count))
        {
            reader.ListProblem($"{Servers}.weights", $"{workers.Count} numbers from 1e-9 to 1e9, one for each server, or none");
        }
        return weights.Count == 0 ? [.. workers.Select(w => (double)w)] : weights;
    }

    private static IReadOnlyList<string> ReadPolicies(SectionReader reader)
    {
        IReadOnlyList<string> names = reader.Texts($"{Section}.policies");
        if (names.Count == 0 || names.Distinct().Count() < names.Count || !names.All(DispatchPolicies.Names.Contains))
        {
            reader.ListProblem($"{Section}.policies", $"a list of different policies among {string.Join(", ", DispatchPolicies.Names)}");
        }
        return [.. names];
    }

    /// <summary>Changes such as <c>"20s 6 speed 0.5"</c>: when, which server, what.</summary>
    private static IReadOnlyList<CapacityChange> ReadChanges(SectionReader reader, int servers)
    {
        List<CapacityChange> changes = [];
        foreach (string text in reader.Texts($"{Section}.changes"))
        {
            string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            double speed = 1;
            if (words.Length >= 3 && words[0].EndsWith('s')
                && double.TryParse(words[0][..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double time)
                    && time is >= 0 and < 1e6
                && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int server) && server < servers
                && ChangeWords.TryGetValue(words[2], out CapacityChangeKind kind)
                && words.Length == (kind == CapacityChangeKind.Speed ? 4 : 3)
                && (words.Length == 3 || (
                    double.TryParse(words[3], NumberStyles.Float, CultureInfo.InvariantCulture, out speed) && speed is >= 0.001 and <= 64)))
            {
                changes.Add(new CapacityChange(Ticks.FromSeconds(time), new ServerId(server), kind, speed));
            }
            else
            {
                reader.Problem(
                    $"{Section}.changes", $"\"{text}\"",
                    $"entries of a time, a server from 0 to {servers - 1}, and 'speed FACTOR', fail, return, drain, maintain, "
                    + "enable or add, for example \"20s 6 speed 0.5\"");
            }
        }
        return [.. changes.OrderBy(c => c.Time)];
    }

    /// <summary>A duration up to <see cref="Ticks.Longest"/>.</summary>
    public static long ReadTicks(SectionReader reader, string key, long low)
    {
        long ticks = Math.Min(reader.AnyDuration(key).Ticks, 2 * Ticks.Longest / TicksPerTick) * TicksPerTick;
        if (ticks < low || ticks > Ticks.Longest)
        {
            reader.Problem(key, low == 0 ? "a duration of at most 1000000s" : "a duration of at least 1ms and at most 1000000s");
        }
        return ticks;
    }
}

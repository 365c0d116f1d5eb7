using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Fairness;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>What is to be learnt before policies are compared.</summary>
/// <param name="Name">Of the learned policy in tables.</param>
/// <param name="Duration">Of a training episode's arrivals, ticks.</param>
/// <param name="Slowdowns">Share of training episodes in which a drawn server works at half speed from a drawn moment on.</param>
/// <param name="Threads">Results do not depend on it.</param>
/// <param name="CheckpointInterval">At most one checkpoint in this time.</param>
internal sealed record LearningPlan(
    string Name, DataCenterLearningOptions Options, long Duration, double Slowdowns, int Threads, TimeSpan CheckpointInterval)
{
    /// <summary>Which backend takes the gradient steps.</summary>
    public required BackendOptions BackendOptions { get; init; }

    /// <summary>Other data centres to train on; null: the experiment's own.</summary>
    public DataCenterVariation? Variation { get; init; }

    /// <summary>Load balancers at most of a training episode.</summary>
    public int MostLoadBalancers(DataCenterModel model) => Math.Max(model.LoadBalancers, Variation?.LoadBalancers.Max ?? 0);

    /// <summary>The backend, once the whole experiment is read; null: the kernels.</summary>
    public LearningBackend? Backend { get; init; }

    /// <summary>The experiment without its changes, which nobody is told before, and as long as a training episode.</summary>
    public DataCenterModel Calm(DataCenterModel model) =>
        model with { Changes = [], SampleInterval = 0, Traffic = model.Traffic with { Duration = Duration } };

    /// <summary>For load balancers that are not with their learners.</summary>
    public BalancerLearning ForBalancers(DataCenterExperiment experiment)
    {
        DataCenterModel model = experiment.Model;
        return new BalancerLearning(Options, model.LoadBalancers, model.Servers.Count, Calm(model).LastMoment, experiment.Seed);
    }
}

/// <summary>Reads the section <c>akkalb.datacenter.learning</c>.</summary>
internal static class LearningReader
{
    public const string NetKey = Section + ".net";

    private const string Section = "akkalb.datacenter.learning", Reward = Section + ".reward", Temperature = Section + ".temperature";

    /// <returns>Null when the method does not learn.</returns>
    public static LearningPlan? Read(SectionReader reader)
    {
        DataCenterMethod? method = reader.Choice<DataCenterMethod?>(
            "akkalb.method",
            ("compare", null), ("distr-lb", DataCenterMethod.DistrLb), ("centr-lb", DataCenterMethod.CentrLb),
            ("qmix-lb", DataCenterMethod.QMixLb), ("rlb-sac", DataCenterMethod.RlbSac));
        DataCenterLearningOptions options = new()
        {
            Method = method ?? DataCenterMethod.DistrLb,
            Net = reader.Choice(NetKey, ("joint", BalancingNet.Joint), ("per-server", BalancingNet.PerServer)),
            CapacityShare = reader.Number($"{Section}.capacity-share", 0, 1),
            Observation = reader.Choice(
                $"{Section}.observation",
                ("paper", ObservationLayout.Paper), ("released", ObservationLayout.Released), ("durations", ObservationLayout.Durations)),
            NormaliseObservations = reader.Switch($"{Section}.normalise"),
            Reward = ReadReward(reader),
            RewardStandardisation = reader.Choice(
                $"{Section}.standardise",
                ("time-index", RewardStandardisation.TimeIndex), ("running", RewardStandardisation.Running), (
                    "none", RewardStandardisation.None)),
            Levels = ReadLevels(reader),
            Episodes = reader.Integer($"{Section}.episodes", 1, 1_000_000),
            WarmUpEpisodes = reader.Integer($"{Section}.warm-up", 2, 1_000_000),
            UpdatesPerEpisode = reader.Integer($"{Section}.updates", 0, 100_000),
            Batch = reader.Integer($"{Section}.batch", 1, 10_000),
            SequenceLength = reader.Integer($"{Section}.sequence", 0, 100_000),
            BurnIn = reader.Integer($"{Section}.burn-in", 0, 100_000),
            ReplayEpisodes = reader.Integer($"{Section}.replay", 2, 1_000_000),
            Hidden = reader.Integer($"{Section}.hidden", 2, 1024),
            Discount = reader.Number($"{Section}.discount", 0, 0.9999),
            Lambda = reader.Number($"{Section}.lambda", 0, 1),
            LearningRate = reader.Number($"{Section}.learning-rate", 0, 1, open: true),
            AnnealTo = reader.Number($"{Section}.anneal-to", 0, 1),
            TargetShare = reader.Number($"{Section}.target-share", 0, 1, open: true),
            TargetEntropy = reader.Number($"{Section}.target-entropy", 0, 1),
            InitialTemperature = reader.Number($"{Temperature}.initial", 0, open: true),
            MinTemperature = reader.Number($"{Temperature}.min", 0, open: true),
            MaxTemperature = reader.Number($"{Temperature}.max", 0, open: true),
            Hold = reader.Number($"{Section}.hold", 0, 0.99),
            FinalEpsilon = reader.Number($"{Section}.final-epsilon", 0, 1),
            Reference = reader.Switch($"{Section}.reference"),
            GradientNorm = reader.Number($"{Section}.gradient-norm", 0, open: true),
        };
        if (options.InitialTemperature < options.MinTemperature || options.InitialTemperature > options.MaxTemperature)
        {
            reader.Problem($"{Temperature}.initial", "a number from temperature.min to temperature.max");
        }
        if (options.Reward is { Form: RewardForm.Logarithm, Scope: RewardScope.Marginal })
        {
            // A contribution may be a gain: it has no logarithm.
            reader.Problem($"{Reward}.form", "plain or with-logarithm, where the scope is marginal");
        }
        if (options.Reward.Form != RewardForm.Plain && options.Reward.Measure is (FairnessMeasure.Product or FairnessMeasure.RatioProduct))
        {
            reader.Problem($"{Reward}.form", "plain, as this measure is above 0");
        }
        if (options.Net == BalancingNet.PerServer)
        {
            if (method != DataCenterMethod.DistrLb)
            {
                reader.Problem(NetKey, "joint; per-server needs method distr-lb");
            }
            if (options.RewardStandardisation == RewardStandardisation.TimeIndex)
            {
                reader.Problem($"{Section}.standardise", "running or none, as net is per-server");
            }
            if (options.Reference)
            {
                reader.Problem($"{Section}.reference", "off, as net is per-server");
            }
        }
        DataCenterVariation? variation = DataCenterVariation.Read(reader);
        if (variation is not null && options.Net != BalancingNet.PerServer)
        {
            reader.Problem(NetKey, "per-server, as variation is on: a joint net has the servers that it was made for");
        }
        long duration = DataCenterExperimentReader.ReadTicks(reader, $"{Section}.duration", Ticks.PerMillisecond);
        double slowdowns = reader.Number($"{Section}.slowdowns", 0, 1);
        (BackendOptions backend, int threads) = BackendReader.Read(reader, reader.Integer($"{Section}.threads", 1, 256));
        TimeSpan interval = reader.AnyDuration("akkalb.checkpoint.interval");
        return method is null ? null : new LearningPlan(
            reader.Text("akkalb.method"), options, duration, slowdowns, threads, interval)
        {
            BackendOptions = backend, Variation = variation,
        };
    }

    private static RewardOptions ReadReward(SectionReader reader) => new()
    {
        Measure = reader.Choice(
            $"{Reward}.measure",
            ("variance", FairnessMeasure.Variance), ("product", FairnessMeasure.Product), ("makespan", FairnessMeasure.Makespan),
            ("jain", FairnessMeasure.Jain), ("ratio-product", FairnessMeasure.RatioProduct)),
        Form = reader.Choice(
            $"{Reward}.form", ("plain", RewardForm.Plain), ("with-logarithm", RewardForm.WithLogarithm), (
                "logarithm", RewardForm.Logarithm)),
        Scope = reader.Choice($"{Reward}.scope", ("local", RewardScope.Local), ("global", RewardScope.Global), (
            "marginal", RewardScope.Marginal)),
        Statistic = reader.Choice(
            $"{Reward}.statistic",
            ("average", SampleStatistic.Average), ("percentile-90", SampleStatistic.Percentile90), ("deviation", SampleStatistic.Deviation),
            ("decayed-average", SampleStatistic.DecayedAverage), ("weighted-average", SampleStatistic.WeightedAverage)),
        Epsilon = reader.Number($"{Reward}.epsilon", 0, open: true),
    };

    private static IReadOnlyList<double> ReadLevels(SectionReader reader)
    {
        IReadOnlyList<double> levels = reader.Numbers($"{Section}.levels", 0, 1e6);
        if (levels.Any(level => level < DataCenterExperimentReader.LeastWeight))
        {
            reader.ListProblem($"{Section}.levels", "numbers from 1e-9 to 1e6");
        }
        if (levels.Count < 2 || levels.Distinct().Count() < levels.Count)
        {
            reader.ListProblem($"{Section}.levels", "two or more different numbers above 0");
        }
        return levels;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Rewards;
using AkkaLb.Learning.Export;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>
/// Trains the balancers of an experiment, from its start or from a run folder's checkpoint, and offers them as contenders.
/// </summary>
internal sealed class DataCenterTraining : IDisposable
{
    /// <summary>Training episodes have these numbers and beyond, so that none has the jobs of a repetition.</summary>
    private const ulong FirstEpisode = 1_000_000;

    private const string StateFile = "run.json";
    private static readonly TimeSpan NoticeInterval = TimeSpan.FromSeconds(5);

    private readonly DataCenterExperiment _experiment;
    private readonly LearningPlan _plan;
    private readonly RunFolder _folder;
    private readonly DataCenterTrainer _trainer;
    private readonly RandomStream _slowdowns, _variation;
    private readonly DataCenterModel _calm;
    private readonly TimeProvider _time;
    private TensorBoardLog? _events;
    private RunJournal? _journal;
    private ClusterPlay? _cluster;
    private double _seconds;
    private int _saved = -1;

    private DataCenterTraining(DataCenterExperiment experiment, LearningPlan plan, RunFolder folder, TimeProvider time)
    {
        (_experiment, _plan, _folder, _time) = (experiment, plan, folder, time);
        DataCenterModel model = experiment.Model;
        _calm = plan.Calm(model);
        _trainer = new DataCenterTrainer(plan.Options, plan.MostLoadBalancers(model), model.Servers.Count, _calm.LastMoment,
            experiment.Seed, plan.Threads, plan.Backend);
        _slowdowns = new RandomStream(experiment.Seed, "training/slowdowns");
        _variation = new RandomStream(experiment.Seed, "training/variation");
        Curve = new LearningCurve();
    }

    public LearningCurve Curve { get; private set; }

    public bool IsFinished => _trainer.IsFinished;

    /// <summary>Null when the experiment has nothing to learn.</summary>
    /// <exception cref="InvalidInputException">
    /// The options do not go together, or the folder's checkpoint is damaged or another's.
    /// </exception>
    public static DataCenterTraining? Open(DataCenterExperiment experiment, RunFolder folder, TimeProvider time)
    {
        if (experiment.Learning is not { } plan)
        {
            return null;
        }
        DataCenterTraining training = new(experiment, plan, folder, time);
        try
        {
            training.Restore();
            return training;
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <summary>Trains until the last episode or until cancelled; what was learnt is kept in both cases.</summary>
    /// <param name="actors">Play the episodes and learn, to the same bits; null: the simulator and the trainer's own threads do.</param>
    /// <param name="cluster">Where the run can go on on another node from each checkpoint; null: in this process alone.</param>
    /// <exception cref="RunFailedException">An actor failed, or training has diverged; the last checkpoint stays.</exception>
    public async Task TrainAsync(
        IRunObserver observer, RunJournal? journal, ILogger log, DataCenterActors? actors, ClusterPlay? cluster,
        CancellationToken cancellation)
    {
        (_journal, _cluster) = (journal, cluster);
        for (int episode = 0; episode < Curve.Count; episode++)
        {
            journal?.Store(new RunEvents.EpisodeTrained(episode, Curve.Times[episode]));
        }
        if (IsFinished)
        {
            return;
        }
        _events = _experiment.Resolved.GetBoolean("akkalb.tensorboard") ? TensorBoardLog.Create(_folder, _time) : null;
        int episodes = _plan.Options.Episodes, first = Curve.Count;
        observer.Notice($"{_experiment.Name}: training {_plan.Name}, {episodes} episodes{(first > 0 ? $" (from {first})" : "")} of "
            + $"{_calm.LastMoment} decisions; "
            + $"run folder {_folder.ShownPath}");
        if (_plan.Options.WarmUpEpisodes >= episodes)
        {
            observer.Notice($"{_experiment.Name}: all {episodes} episodes are played at random and nothing is learnt, as "
                + $"'datacenter.learning.warm-up' is {_plan.Options.WarmUpEpisodes}");
        }
        if (actors is not null && ObservesTrueLoads)
        {
            observer.Notice($"{_experiment.Name}: the reward needs the true loads, which no load-balancer actor is told: training on the "
                + "simulator");
            actors = null;
        }
        IActorRef? learners = actors is null ? null : await actors.StartAsync(_trainer.Learners);
        long trajectoryBytes = 0;
        log.Information("training {Method} from episode {First} of {Episodes}", _plan.Name, first, episodes);
        long started = _time.GetTimestamp(), saved = started, noticed = started;
        double before = _seconds;
        while (!IsFinished && !cancellation.IsCancellationRequested)
        {
            if (learners is null)
            {
                CancellationTokenRegistration told = default;
                try
                {
                    Add(_trainer.RunEpisode((number, controllers) =>
                    {
                        double time = Play(number, controllers, cancellation);
                        // What has begun to be learnt is learnt, or the policy would be that of no episode.
                        told = cancellation.Register(() => observer.Notice(
                            $"{_experiment.Name}: stops after the {_plan.Options.UpdatesPerEpisode} updates of this episode"));
                        return time;
                    }));
                }
                catch (OperationCanceledException)
                {
                    // As below.
                    break;
                }
                finally
                {
                    await told.DisposeAsync();
                }
            }
            else if (await actors!.TrainAsync(
                Model(_trainer.Episode), () => Options(_trainer.Episode, _trainer.Begin()), $"training.{_trainer.Episode}", learners,
                cancellation) is var (result, learnt))
            {
                trajectoryBytes += learnt.Sum(l => l.TrajectoryBytes);
                Add(_trainer.Complete(MeanTime(result), [.. learnt.Select(l => l.Statistics).OfType<LearnerStatistics>()]));
            }
            else
            {
                // Stopped half-way: the episode will be played again from its start.
                break;
            }
            if (!_trainer.IsFinite)
            {
                // It is not saved: the checkpoint of before stays.
                throw Diverged(Curve.Count);
            }
            journal?.Store(new RunEvents.EpisodeTrained(Curve.Count - 1, Curve.Times[^1]));
            Metrics.Episodes.Add(1, Metrics.Tag("experiment", _experiment.Name), Metrics.Tag("method", _plan.Name));
            Metrics.Decisions.Add((long)_calm.LastMoment * _experiment.Model.LoadBalancers, Metrics.Tag("family", "datacenter"));
            _seconds = before + _time.GetElapsedTime(started).TotalSeconds;
            if (_time.GetElapsedTime(saved) >= _plan.CheckpointInterval)
            {
                saved = _time.GetTimestamp();
                Save();
            }
            if (_time.GetElapsedTime(noticed) >= NoticeInterval)
            {
                noticed = _time.GetTimestamp();
                observer.Notice(Standing(first, _time.GetElapsedTime(started)));
            }
        }
        Save();
        observer.Notice(Standing(first, _time.GetElapsedTime(started)));
        log.Information("trained {Episodes} episodes in {Seconds} s", Curve.Count, Math.Round(_seconds, 3));
        if (learners is not null)
        {
            log.Information("load balancers sent {Bytes} bytes of trajectories to a central learner in {Episodes} episodes",
                trajectoryBytes, Curve.Count - first);
        }
    }

    /// <param name="episodes">That were learnt from.</param>
    public static RunFailedException Diverged(long episodes) => new(
        $"training has diverged: no finite parameters or rewards after {episodes} episodes; smaller steps, such as a lower "
        + "'datacenter.learning.learning-rate' or 'temperature.max', or another 'reward.measure' may help");

    /// <summary>What was learnt, first as evaluated, then with decisions drawn from the learnt distributions.</summary>
    public IReadOnlyList<Contender> Contenders() => Contenders(_experiment.Seed);

    /// <inheritdoc cref="Contenders()"/>
    /// <param name="seed">Of the jobs that they meet.</param>
    public IReadOnlyList<Contender> Contenders(ulong seed) =>
    [
        Contender(_plan.Name, ActionMode.Greedy, seed),
        Contender($"{_plan.Name}-sampled", ActionMode.Sample, seed),
    ];

    /// <summary>The learners' policies as ONNX, by name.</summary>
    public IEnumerable<(string Name, byte[] Content)> Policies() => DataCenterPolicyOnnx.Write(_trainer);

    public TrainingMetrics Summarise()
    {
        CentralTraffic traffic = _trainer.Traffic;
        return new TrainingMetrics(
            Curve.Count, _trainer.Updates, Math.Round(_seconds, 3), traffic.TrajectoryBytes, traffic.DecisionBytes, traffic.ParameterBytes);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _events?.Dispose();
    }

    private void Add(TrainingEpisode episode)
    {
        Curve.Add(episode);
        _events?.Write(episode.Episode, ("episode/mean-completion-time", episode.MeanCompletionTime), ("episode/reward", episode.Reward));
        if (episode.Learning is { } learnt)
        {
            _events?.Write(
                episode.Episode, ("update/critic-loss", learnt.CriticLoss), ("update/actor-loss", learnt.ActorLoss),
                ("update/entropy", learnt.Entropy),
                ("update/temperature", learnt.Temperature), ("update/value", learnt.Value), ("update/gradient-norm", learnt.GradientNorm));
        }
    }

    private Contender Contender(string name, ActionMode mode, ulong seed) => new(name, IsGlobal: false, repetition => new SimulationOptions(
        DispatchPolicies.Weighted, seed, repetition)
        {
            Controllers = [.. _trainer.Controllers((long)repetition, mode).Take(_experiment.Model.LoadBalancers)],
        });

    private bool ObservesTrueLoads => _plan.Options.Reward.Scope != RewardScope.Local;

    private double Play(long episode, IReadOnlyList<ILoadBalancerController> controllers, CancellationToken cancellation)
    {
        DataCenterModel model = Model(episode);
        return MeanTime(new DataCenterSimulation(model, Options(episode, [.. controllers.Take(model.LoadBalancers)])).Run(cancellation));
    }

    private SimulationOptions Options(long episode, IReadOnlyList<ILoadBalancerController> controllers) =>
        new(DispatchPolicies.Weighted, _experiment.Seed, FirstEpisode + (ulong)episode) { Controllers = controllers,
            ObserveTrueLoads = ObservesTrueLoads };

    private static double MeanTime(SimulationResult result) =>
        result.Jobs.Count == 0 ? 0 : result.Jobs.Average(job => Ticks.ToSeconds(job.Completion));

    /// <summary>
    /// The data centre without the experiment's changes, which nobody is told before, or a drawn one; and perhaps with a drawn change.
    /// </summary>
    private DataCenterModel Model(long episode)
    {
        _slowdowns.MoveTo((ulong)episode);
        _variation.MoveTo((ulong)episode);
        DataCenterModel model = _plan.Variation?.Draw(_calm, _variation) ?? _calm;
        double chance = _slowdowns.NextDouble(), when = _slowdowns.NextDouble();
        ServerId server = new(_slowdowns.NextInt32(model.Servers.Count));
        return chance >= _plan.Slowdowns
            ? model
            : model with { Changes = [new CapacityChange((long)(when * model.Traffic.Duration), server, CapacityChangeKind.Speed, 0.5)] };
    }

    private string Standing(int first, TimeSpan elapsed)
    {
        IReadOnlyList<double> times = Curve.Times;
        double mean = times.Skip(Math.Max(0, times.Count - 20)).DefaultIfEmpty().Average(),
            rate = (times.Count - first) / Math.Max(elapsed.TotalSeconds, 1e-9);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"training episode {times.Count} of {_plan.Options.Episodes}: mean task completion time {mean:0.000} s over the last "
                + $"{Math.Min(20, times.Count)}, {rate:0.0} episodes/s");
    }

    private void Save()
    {
        // Of a number of episodes there is one checkpoint, so the journal's hash of it stays right.
        if (_saved == Curve.Count)
        {
            return;
        }
        _saved = Curve.Count;
        _folder.Write(RunFolder.EpisodesFile, Curve.ToCsv());
        _events?.Flush();
        State state = new(Curve.Count, _seconds);
        string hash = Checkpoint.Write(_folder, new Dictionary<string, Action<Stream>>
        {
            [DataCenterCheckpoint.WeightsFile] = stream => DataCenterCheckpoint.WriteWeights(_trainer, stream),
            [DataCenterCheckpoint.OptimiserFile] = stream => DataCenterCheckpoint.WriteOptimiser(_trainer, stream),
            [DataCenterCheckpoint.ReplayFile] = stream => DataCenterCheckpoint.WriteReplay(_trainer, stream),
            [StateFile] = stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(state, State.Format))),
        });
        _cluster?.Keep();
        _journal?.Store(new RunEvents.CheckpointWritten(RunFolder.CheckpointFolder, hash, Curve.Count));
    }

    private void Restore()
    {
        CheckpointCheck.ThrowIfDamaged(_folder, _experiment.Resolved);
        CheckpointInputs.ThrowIfChanged(_folder, _experiment.Resolved);
        if (Checkpoint.Find(_folder) is not { } path)
        {
            return;
        }
        try
        {
            DataCenterCheckpoint.Restore(_trainer, path, file => File.OpenRead(Path.Combine(path, file)));
            State state = JsonSerializer.Deserialize<State>(File.ReadAllText(Path.Combine(path, StateFile)),
                State.Format) ?? throw new JsonException("found null");
            Curve = LearningCurve.Read(_folder[RunFolder.EpisodesFile], (int)_trainer.Episode);
            _seconds = state.Seconds;
            _saved = Curve.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidInputException($"{path}: expected a whole checkpoint: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private sealed record State(int Episodes, double Seconds)
    {
        public static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true, NewLine = "\n" };
    }
}

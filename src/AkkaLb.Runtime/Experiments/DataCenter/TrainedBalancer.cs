using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Domain.DataCenter.LoadBalancers;
using AkkaLb.Learning.Checkpoints;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.DataCenter;

/// <summary>
/// One balancer of a run of <c>akkalb train</c>, for traffic that is not simulated: it decides as it has learnt to, and goes on learning if
/// it is to. It is asked by one thread at a time, and learns beside.
/// </summary>
public sealed class TrainedBalancer : ILoadBalancerController, IDisposable
{
    private readonly DataCenterTrainer _trainer;
    private readonly int _balancer, _episode;
    private readonly Action<int> _learnt;
    private float[] _held = [];
    private ILoadBalancerController _controller;
    private Task _learning = Task.CompletedTask;
    private int _decisions;

    private TrainedBalancer(DataCenterTrainer trainer, DataCenterExperiment experiment, int balancer, int episode, Action<int> learnt)
    {
        (_trainer, _balancer, _episode, _learnt) = (trainer, balancer, episode, learnt);
        Servers = experiment.Model.Servers.Count;
        Sampling = experiment.Model.Sampling;
        _controller = Begin();
    }

    /// <summary>N.</summary>
    public int Servers { get; }

    /// <summary>How it is used to see its traffic.</summary>
    public SamplingOptions Sampling { get; }

    /// <summary>Opens a run.</summary>
    /// <param name="runFolder">Of family datacenter, with a checkpoint, of a method whose balancers decide each for itself.</param>
    /// <param name="balancer">From 0.</param>
    /// <param name="learns">Whether it learns from what it decides, in episodes as long as those that it was trained in.</param>
    /// <param name="saved">A folder of <see cref="SaveAsync"/> to go on from, if it is there.</param>
    /// <param name="learnt">Called with the number of decisions when it has learnt from them; by any thread.</param>
    /// <exception cref="InvalidInputException">It is no such run, or its checkpoint is damaged.</exception>
    public static TrainedBalancer Open(string runFolder, int balancer, bool learns, string saved, Action<int> learnt)
    {
        EvaluatedRun run = EvaluatedRun.Open(new EvaluationRequest(runFolder));
        DataCenterExperiment experiment = DataCenterExperimentReader.Read(run.ForKernels(), run.File, run.Folder.FullPath);
        if (experiment.Learning is not { } plan)
        {
            throw new InvalidInputException($"{runFolder}: a run of method compare, expected one that learns");
        }
        if (plan.Options.Net != BalancingNet.Joint)
        {
            throw new InvalidInputException($"{runFolder}: a run of net per-server, expected joint, as '{LearningReader.NetKey}' is "
                + "by default");
        }
        int balancers = experiment.Model.LoadBalancers;
        if (balancer >= balancers)
        {
            throw new InvalidInputException($"{runFolder}: its balancers are 0 to {balancers - 1}, found {balancer}");
        }
        int steps = (int)(plan.Duration / experiment.Model.ControlPeriod);
        DataCenterTrainer trainer = new(plan.Options, balancers, experiment.Model.Servers.Count, steps, experiment.Seed, threads: 1);
        try
        {
            if (trainer.Learners.Count != balancers)
            {
                throw new InvalidInputException(
                    $"{runFolder}: a run of method {plan.Name}, expected distr-lb or rlb-sac, whose balancers decide each for itself");
            }
            string folder = Checkpoint.Find(saved) ?? run.CheckpointFolder;
            if (CheckpointSums.Problem(folder) is { } problem)
            {
                throw new InvalidInputException(problem);
            }
            DataCenterCheckpoint.Restore(trainer, folder, file => EvaluatedRun.OpenRead(Path.Combine(folder, file)));
            return new TrainedBalancer(trainer, experiment, balancer, learns ? steps : 0, learnt);
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    /// <exception cref="RunFailedException">What it learnt from the last episode is no policy any more.</exception>
    public void Observe(LoadBalancerObservation observation)
    {
        if (_learning.IsCompleted)
        {
            _learning.GetAwaiter().GetResult();
            // An episode begins where it last learnt.
            observation.Moment = _decisions;
            _controller.Observe(observation);
        }
    }

    public void Decide(Span<float> weights)
    {
        if (!_learning.IsCompleted)
        {
            // What it learns from now is being changed: it stays with what it decided last.
            _held.CopyTo(weights);
            return;
        }
        _controller.Decide(weights);
        _held = weights.ToArray();
        if (_episode > 0 && ++_decisions > _episode)
        {
            // The last decision's consequence has not been seen, and is left out.
            EpisodePart part = ((IEpisodeSource)_controller).Finish();
            _decisions = 0;
            _learning = Task.Run(() => Learn(part));
        }
    }

    /// <summary>Writes what was learnt, for <see cref="Open"/>; waits for learning that is under way.</summary>
    /// <exception cref="RunFailedException">It is no policy any more: what was written before stays.</exception>
    public async Task SaveAsync(string folder)
    {
        await _learning;
        Checkpoint.Write(folder, new Dictionary<string, Action<Stream>>
        {
            [DataCenterCheckpoint.WeightsFile] = stream => DataCenterCheckpoint.WriteWeights(_trainer, stream),
            [DataCenterCheckpoint.OptimiserFile] = stream => DataCenterCheckpoint.WriteOptimiser(_trainer, stream),
            [DataCenterCheckpoint.ReplayFile] = stream => DataCenterCheckpoint.WriteReplay(_trainer, stream),
        });
    }

    public void Dispose() => _trainer.Dispose();

    private void Learn(EpisodePart part)
    {
        _trainer.Learners[_balancer].Learn([part]);
        _trainer.CountEpisode();
        if (!_trainer.IsFinite)
        {
            throw DataCenterTraining.Diverged(_trainer.Episode);
        }
        _controller = Begin();
        _learnt(_episode);
    }

    private ILoadBalancerController Begin() => _episode > 0
        ? _trainer.Begin()[_balancer]
        : _trainer.Controllers(0, ActionMode.Greedy)[_balancer];
}

using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Hosting;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Plays the episodes of a run with actors.</summary>
internal static class ActorRun
{
    /// <exception cref="RunFailedException">The run cannot go on.</exception>
    public static async Task PlayAsync(
        NetworkExperiment experiment, PpoLearner learner, int firstEpisode, IExperimentObserver observer, RunHost host,
        CancellationToken cancellation)
    {
        Props props = ExperimentActor.Props(
            experiment.Model.Options.Episodes,
            firstEpisode,
            experiment.Model.Options.EpisodesPerUpdate,
            NetworkLanes.Most(experiment.Model),
            host.Cluster is { } cluster
                ? NetworkActor.Props(experiment.Scenarios, experiment.Model, experiment.Seed, cluster.Team(experiment.Topology))
                : NetworkActor.Props(experiment.Scenarios, experiment.Model, experiment.Seed, host.Agents),
            LearnerActor.Props(learner, observer, cancellation),
            observer);
        if (await host.PlayAsync(
            props, "experiment", ExperimentCommands.StartExperiment.Instance, ExperimentCommands.StopExperiment.Instance, cancellation)
            is ExperimentEvents.ExperimentFailed failed)
        {
            host.Journal?.ThrowIfFailed();
            throw new RunFailedException(failed.Reason) { IsFinal = true };
        }
    }
}

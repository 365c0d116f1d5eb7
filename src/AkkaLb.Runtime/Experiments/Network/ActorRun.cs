using Akka.Actor;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Network.Learners;
using AkkaLb.Agents.Network.Networks;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Logging;
using Serilog;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Plays the episodes of a run with actors, in an actor system of its own.</summary>
internal static class ActorRun
{
    /// <exception cref="RunFailedException">The run cannot go on.</exception>
    public static async Task PlayAsync(
        NetworkExperiment experiment, PpoLearner learner, int firstEpisode, IExperimentObserver observer, RunJournal? journal, ILogger log, CancellationToken cancellation)
    {
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(experiment.Resolved.WithFallback(RunSystem.Defaults));
        ActorSystem system = ActorSystem.Create("akkalb", bootstrap.And(new SerilogSetup(log)));
        try
        {
            IActorRef run = system.ActorOf(
                ExperimentActor.Props(
                    experiment.Model.Options.Episodes,
                    firstEpisode,
                    experiment.Model.Options.EpisodesPerUpdate,
                    NetworkActor.Props(experiment.Scenarios, experiment.Model, experiment.Seed, learner.Experience, journal?.Journals),
                    LearnerActor.Props(learner, observer, cancellation),
                    observer,
                    journal?.Journals),
                "experiment");
            Task<object> outcome = run.Ask<object>(ExperimentCommands.StartExperiment.Instance);
            using CancellationTokenRegistration stop = cancellation.Register(() => run.Tell(ExperimentCommands.StopExperiment.Instance));
            await Task.WhenAny(outcome, run.WatchAsync());
            if (!outcome.IsCompletedSuccessfully)
            {
                throw new RunFailedException("the experiment actor failed, see the log");
            }
            if (await outcome is ExperimentEvents.ExperimentFailed failed)
            {
                throw new RunFailedException(failed.Reason);
            }
        }
        finally
        {
            await system.Terminate();
        }
    }
}

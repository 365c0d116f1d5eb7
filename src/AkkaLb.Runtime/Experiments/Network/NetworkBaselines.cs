using AkkaLb.Domain.Network;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>What the learned weights are compared with, on the same flows.</summary>
internal static class NetworkBaselines
{
    public static (RunBaselines Baselines, RunTraffic Traffic) Compute(
        NetworkExperiment experiment, IRunObserver observer, CancellationToken cancellation)
    {
        NetworkEnvironment environment = new(experiment.Scenario);
        environment.Step(ChannelWeights.Uniform(experiment.Topology));
        RunTraffic traffic = new(
            experiment.Scenario.Router.Count,
            environment.Unroutable,
            experiment.GeneratorMeanLoad,
            environment.MeanUtilisation,
            environment.MaxUtilisation);
        double? equal = experiment.Timeline.Routing.Model == RoutingModel.Igp ? environment.Phi : null;
        RunBaselines baselines = new(
            experiment.DagScenario is { } dag ? new NetworkEnvironment(dag).Phi : null,
            new NetworkEnvironment(experiment.ShortestHopScenario).Phi,
            experiment.Baselines.Ucmp ? Ucmp.Apply(environment) : null,
            null)
        {
            EqualWeights = equal,
        };
        observer.BaselinesFound(baselines);
        if (experiment.Baselines.Genetic is { } options)
        {
            SearchResult best = new GeneticSearch(experiment.Scenario, options).Run(
                progress => observer.BaselinesFound(baselines with { Genetic = progress.BestPhi }), cancellation);
            // A search that was cut short would not be the same baseline.
            if (!cancellation.IsCancellationRequested)
            {
                baselines = baselines with { Genetic = best.Phi };
            }
        }
        return (baselines, traffic);
    }
}

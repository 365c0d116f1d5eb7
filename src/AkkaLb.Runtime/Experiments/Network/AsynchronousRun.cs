using AkkaLb.Agents.Network.Asynchronous;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Runtime.Hosting;
using AkkaLb.Runtime.Plots;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>Plays the asynchronous part of a run with actors, and writes down Φ over virtual time.</summary>
internal sealed class AsynchronousRun : IAsynchronousObserver
{
    private const int MaxPoints = 2000;

    private readonly List<NetworkSample> _samples = [];

    private AsynchronousRun()
    {
    }

    /// <exception cref="RunFailedException">The run cannot go on.</exception>
    public static async Task<AsynchronousMetrics> PlayAsync(
        NetworkExperiment experiment, AsynchronousPlay play, PolicySnapshot policy, TeamExperience? experience, RunFolder folder, RunHost host, CancellationToken cancellation)
    {
        AsynchronousRun run = new();
        bool finished = await host.PlayAsync<AsynchronousNetworkActor>(
            AsynchronousNetworkActor.Props(play.Scenario, experiment.Model, policy, experience, experiment.Seed, run),
            "network", AsynchronousNetworkCommands.Start.Instance, AsynchronousNetworkCommands.Stop.Instance, cancellation) switch
        {
            AsynchronousNetworkEvents.RunFinished => true,
            AsynchronousNetworkEvents.RunStopped => false,
            AsynchronousNetworkEvents.RunFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the run ended with {other.GetType().Name}"),
        };
        folder.Write(RunFolder.TimelineFile, run.ToCsv());
        folder.Write(RunFolder.TimelinePlotFile, run.Plot(experiment));
        return AsynchronousMetrics.Of(run._samples, play.Scenario.Until * 1000, finished);
    }

    void IAsynchronousObserver.Routed(NetworkSample sample) => _samples.Add(sample);

    void IAsynchronousObserver.Decided(AsynchronousEvents.WeightSet decision)
    {
    }

    private string ToCsv() => CsvTable.Write(
        [
            "timeMs", "change", "phi", "meanUtilisation", "maxUtilisation",
            "linksUp", "flows", "waiting", "requests", "states", "horizons",
        ],
        _samples.Select(s => (object?[])
        [
            s.Time / 1000.0, s.Change, s.Phi, s.MeanUtilisation, s.MaxUtilisation,
            s.LinksUp, s.Flows, s.Waiting, s.Requests, s.States, s.Horizons,
        ]));

    /// <summary>Φ as the steps that it makes, thinned to what a plot can show.</summary>
    private string Plot(NetworkExperiment experiment)
    {
        int step = Math.Max(1, _samples.Count / MaxPoints);
        List<ChartPoint> points = [];
        foreach (NetworkSample sample in _samples.Where((s, i) => i % step == 0 || s.IsChange || i == _samples.Count - 1))
        {
            if (points.Count > 0)
            {
                points.Add(new ChartPoint(sample.Time / 1e6, points[^1].Y));
            }
            points.Add(new ChartPoint(sample.Time / 1e6, sample.Phi));
        }
        return SvgLineChart.Render(new LineChart($"{experiment.Method} on {experiment.Name}, asynchronous, seed {experiment.Seed}", "virtual time in s", "Φ")
        {
            Series = [new ChartSeries("Φ", points)],
        });
    }
}

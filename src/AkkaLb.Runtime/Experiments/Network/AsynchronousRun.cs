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
    private long _slices;

    private AsynchronousRun()
    {
    }

    /// <summary>Plays from the last slice that is stored to the end.</summary>
    /// <param name="memory">What the agents remember at the start; null: nothing.</param>
    /// <param name="fromStart">True: all is played again and compared with what is stored.</param>
    /// <returns>What came of it, and the weights in force then; null when it was stopped before anything was played.</returns>
    /// <exception cref="RunFailedException">The run cannot go on.</exception>
    public static async Task<(AsynchronousMetrics Metrics, IReadOnlyList<double> Weights)?> PlayAsync(
        NetworkExperiment experiment, AsynchronousPlay play, PolicySnapshot policy, TeamMemory? memory, bool fromStart, RunFolder folder,
        RunHost host, CancellationToken cancellation)
    {
        AsynchronousRun run = new();
        object outcome = await host.PlayAsync(
            AsynchronousRunActor.Props(AsynchronousNetworkActor.Props(
                play.Scenario, experiment.Model, policy, memory, experiment.Seed, run, host.Agents, fromStart, host.Cluster?.Place)),
            "network", AsynchronousNetworkCommands.Start.Instance, AsynchronousNetworkCommands.Stop.Instance, cancellation);
        host.Journal?.ThrowIfFailed();
        (bool finished, IReadOnlyList<double> weights) = outcome switch
        {
            AsynchronousNetworkEvents.RunFinished over => (true, over.Weights),
            AsynchronousNetworkEvents.RunStopped stopped => (false, stopped.Weights),
            AsynchronousNetworkEvents.RunFailed failed => throw new RunFailedException(failed.Reason),
            object other => throw new RunFailedException($"the run ended with {other.GetType().Name}"),
        };
        if (run._samples.Count == 0)
        {
            return null;
        }
        folder.Write(RunFolder.TimelineFile, run.ToCsv());
        folder.Write(RunFolder.TimelinePlotFile, run.Plot(experiment));
        return (AsynchronousMetrics.Of(run._samples, play.Scenario.Until * 1000, finished), weights);
    }

    void IAsynchronousObserver.SlicePlayed(
        long slice, IReadOnlyList<NetworkSample> samples, IReadOnlyList<AsynchronousEvents.WeightSet> decisions)
    {
        if (slice == _slices)
        {
            _slices++;
            _samples.AddRange(samples);
        }
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
        return SvgLineChart.Render(new LineChart(
            $"{experiment.Method} on {experiment.Name}, asynchronous, seed {experiment.Seed}", "virtual time in s", "Φ")
        {
            Series = [new ChartSeries("Φ", points)],
        });
    }
}

using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Tests;

/// <summary>Stands in for the runtime: reports episodes a fixed time apart and returns a fixed summary.</summary>
internal sealed class FakeRunner
{
    public static readonly RunPlan Plan = new(
        "quickstart", "network", "samaroh", 7, RunPath.Actors, "/runs/quickstart", Agents: 8, Nodes: 4, Flows: 63,
        MeanUtilisation: 0.415, Episodes: 20, Horizons: 20, MessageIterations: 2, FirstEpisode: 0);

    public static readonly NetworkSummary Finished = new()
    {
        Method = "samaroh",
        Seed = 7,
        Status = "finished",
        Metrics = new RunMetrics(0.0207, 0.0211, 0.02055, 20),
        Baselines = new RunBaselines(0.0331, 0.0331, 0.0364, null),
        Exchanges = new RunExchanges(12800, 12800, 1, 1),
        Traffic = new RunTraffic(63, 0, 0.4, 0.415, 0.672),
        Path = "actors",
        WallSeconds = 75.25,
    };

    public ExperimentRequest? Request { get; set; }

    public string? Resumed { get; set; }

    public TimeSpan EpisodeTime { get; set; } = TimeSpan.FromSeconds(1);

    public RunPlan Played { get; set; } = Plan;

    public RunResult Result { get; set; } = new(Finished, "/runs/quickstart");

    public Exception? Failure { get; set; }

    /// <summary>Called before each episode, with its number.</summary>
    public Action<int> BeforeEpisode { get; set; } = _ => { };

    public Task<RunResult> RunAsync(Cli cli, IRunObserver observer, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            throw Failure;
        }
        observer.Started(Played);
        observer.BaselinesFound(Finished.Baselines);
        for (int episode = Played.FirstEpisode; episode < Played.Episodes; episode++)
        {
            BeforeEpisode(episode);
            if (cancellation.IsCancellationRequested)
            {
                return Task.FromResult(
                    Result with { Summary = Finished with { Status = "stopped", Metrics = Finished.Metrics with { Episodes = episode } } });
            }
            cli.Time.Advance(EpisodeTime);
            observer.EpisodeFinished(new EpisodeReport(episode, 0.04 - 0.001 * episode, 0.0331, 0.02, 0.7, 640, 640, 0, 0, 0, 0));
        }
        return Task.FromResult(Result);
    }
}

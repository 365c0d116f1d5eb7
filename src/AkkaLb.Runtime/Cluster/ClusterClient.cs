using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Experiments.Game;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// Hands runs in to a cluster, through its database, and follows them: whoever does so need not be a member, and may go.
/// </summary>
public static class ClusterClient
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), NoticeAfter = TimeSpan.FromSeconds(15);

    /// <summary>Runs an experiment on a cluster, into a run folder here, which is as a run in one process writes it.</summary>
    /// <param name="database">Connection string of the cluster's database.</param>
    /// <param name="cancellation">Ends the run after what is in flight; the result's status is then <c>stopped</c>.</param>
    /// <exception cref="InvalidInputException">The output folder is not valid; nothing was handed in.</exception>
    /// <exception cref="RunFailedException">The database cannot be used, or the run has failed.</exception>
    public static async Task<RunResult> RunAsync(
        ClusterExperiment experiment, string database, IRunObserver observer, CancellationToken cancellation)
    {
        await using RunStore store = await RunStore.OpenAsync(database);
        Config resolved = experiment.Resolved;
        RunFolder folder = RunFolder.Create(
            experiment.OutputFolder,
            resolved.GetString("akkalb.runs", "runs"),
            $"{experiment.Name}-{resolved.GetString("akkalb.method")}-seed{resolved.GetString("akkalb.seed")}");
        using IDisposable guard = folder.Lock();
        folder.Write(experiment.Files);
        string run = await SubmitAsync(store, Path.GetFileName(folder.FullPath), experiment.Files);
        observer.Notice($"{experiment.Name}: handed in to the cluster as '{run}'");
        await FollowAsync(store, run, folder, observer, cancellation);
        return await FetchAsync(store, run, database, folder, resolved);
    }

    private static async Task<string> SubmitAsync(RunStore store, string name, IReadOnlyDictionary<string, string> files)
    {
        for (int number = 1; ; number++)
        {
            string run = number == 1 ? name : $"{name}-{number}";
            if (await store.FindAsync(run) is null)
            {
                await store.SubmitAsync(run, files);
                return run;
            }
        }
    }

    private static async Task FollowAsync(
        RunStore store, string run, RunFolder folder, IRunObserver observer, CancellationToken cancellation)
    {
        int episode = 0;
        long notice = 0;
        bool isStarted = false, isStopping = false;
        RunBaselines? baselines = null;
        long begun = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Look);
        for (bool isOver = false; !isOver; await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            RunStanding standing;
            try
            {
                if (cancellation.IsCancellationRequested && !isStopping)
                {
                    await store.StopAsync(run);
                    isStopping = true;
                }
                standing = await store.FindAsync(run)
                    ?? throw new RunFailedException($"the run '{run}' is no longer in the cluster's database") { IsFinal = true };
                // Before its episodes: what it told before it ended is all there then.
                isOver = standing.Status is not (RunStanding.Waiting or RunStanding.Running);
                if (standing.Plan is { } plan && !isStarted)
                {
                    observer.Started(plan with { RunFolder = folder.FullPath, FirstEpisode = 0 });
                    isStarted = true;
                }
                if (standing.Baselines is { } found && found != baselines)
                {
                    observer.BaselinesFound(baselines = found);
                }
                foreach (EpisodeReport report in await store.EpisodesAsync(run, episode))
                {
                    observer.EpisodeFinished(report);
                    episode = report.Episode + 1;
                }
                foreach ((long number, string line) in await store.NoticesAsync(run, notice))
                {
                    observer.Notice(line);
                    notice = number;
                }
            }
            catch (RunFailedException e) when (!e.IsFinal)
            {
                // The database is gone; the nodes wait for it too.
                isOver = false;
                continue;
            }
            if (standing.Status == RunStanding.Waiting && begun != 0 && TimeProvider.System.GetElapsedTime(begun) > NoticeAfter)
            {
                observer.Notice($"no node of the cluster has taken the run '{run}' yet");
                begun = 0;
            }
            if (isOver && standing.Status == RunStanding.Failed)
            {
                throw new RunFailedException($"the run '{run}' has failed: {standing.Message}");
            }
        }
    }

    private static async Task<RunResult> FetchAsync(RunStore store, string run, string database, RunFolder folder, Config resolved)
    {
        await store.FetchAsync(run, folder);
        if (JournalLocation.Read(resolved, folder[RunFolder.ConfigurationFile], folder) is { Provider: JournalLocation.Sqlite })
        {
            JournalCopy.ToFolder(JournalLocation.OfDatabase(database, run + "/"), folder);
        }
        NetworkSummary? network = null;
        RunSummary? summary = resolved.GetString("akkalb.family") switch
        {
            "game" => RunSummary.Read<GameSummary>(folder),
            "datacenter" => RunSummary.Read<DataCenterSummary>(folder),
            _ => network = RunSummary.Read<NetworkSummary>(folder),
        };
        return new RunResult(summary ?? throw new RunFailedException($"the run '{run}' has ended without a summary"), folder.FullPath)
        {
            KeptEpisodes = network is null ? null : RunState.EpisodesOf(folder),
            Objective = network is null ? null : resolved.GetString(NetworkRun.ObjectiveKey),
        };
    }
}

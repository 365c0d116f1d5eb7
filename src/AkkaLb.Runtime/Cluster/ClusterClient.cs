using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
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
    /// <param name="database">The cluster's.</param>
    /// <param name="cancellation">Ends the run after what is in flight; the result's status is then <c>stopped</c>.</param>
    /// <exception cref="InvalidInputException">The output folder is not valid; nothing was handed in.</exception>
    /// <exception cref="RunFailedException">The database cannot be used, or the run has failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before a node had begun the run; its folder has its inputs.</exception>
    public static async Task<RunResult> RunAsync(
        ClusterExperiment experiment, ClusterDatabase database, IRunObserver observer, CancellationToken cancellation)
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
        folder.Write(RunFolder.HandedInFile, run);
        observer.Notice($"{experiment.Name}: handed in to the cluster as '{run}'");
        return await FollowAndFetchAsync(store, run, database, folder, resolved, observer, cancellation);
    }

    /// <summary>Follows a run that was handed in from a folder and not fetched, because who did so has gone, and fetches it.</summary>
    /// <param name="runFolder">That the run was handed in from.</param>
    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="InvalidInputException">No run that waits to be fetched was handed in from this folder.</exception>
    public static async Task<RunResult> ResumeAsync(
        string runFolder, ClusterDatabase database, IRunObserver observer, CancellationToken cancellation)
    {
        RunFolder folder = RunFolder.Open(runFolder);
        using IDisposable guard = folder.Lock();
        if (!File.Exists(folder[RunFolder.HandedInFile]))
        {
            throw new InvalidInputException($"{runFolder}: expected a run that was handed in to a cluster and not fetched yet");
        }
        string run = File.ReadAllText(folder[RunFolder.HandedInFile]);
        await using RunStore store = await RunStore.OpenAsync(database);
        if (await store.FindAsync(run) is null)
        {
            throw new InvalidInputException($"{runFolder}: {database.Key}: expected the database that holds the run '{run}', it has none");
        }
        Config resolved = ConfigurationLoader.Load(folder[RunFolder.ConfigurationFile], []);
        return await FollowAndFetchAsync(store, run, database, folder, resolved, observer, cancellation);
    }

    private static async Task<RunResult> FollowAndFetchAsync(
        RunStore store, string run, ClusterDatabase database, RunFolder folder, Config resolved, IRunObserver observer,
        CancellationToken cancellation)
    {
        await FollowAsync(store, run, folder, observer, cancellation);
        RunResult result = await FetchAsync(store, run, database.Connection, folder, resolved);
        File.Delete(folder[RunFolder.HandedInFile]);
        return result;
    }

    private static async Task<string> SubmitAsync(RunStore store, string name, IReadOnlyDictionary<string, string> files)
    {
        for (int number = 1; ; number++)
        {
            string run = number == 1 ? name : $"{name}-{number}";
            if (await store.SubmitAsync(run, files))
            {
                return run;
            }
        }
    }

    private static async Task FollowAsync(
        RunStore store, string run, RunFolder folder, IRunObserver observer, CancellationToken cancellation)
    {
        int episode = 0;
        long notice = 0;
        bool isStarted = false, isStopping = false, isAway = false, isAlone = false;
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
                    observer.Notice($"'{run}' is told to end after what is in flight; once more: this command ends at once");
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
                    observer.Notice(line.Replace(RunNews.Folder, folder.FullPath, StringComparison.Ordinal));
                    notice = number;
                }
            }
            catch (RunFailedException e) when (!e.IsFinal)
            {
                // The database is gone; the nodes wait for it too.
                if (!isAway)
                {
                    observer.Notice($"{e.Message}; waiting for it");
                }
                (isOver, isAway) = (false, true);
                continue;
            }
            if (isAway)
            {
                observer.Notice("the cluster's database is back");
                isAway = false;
            }
            if (standing.Status == RunStanding.Waiting && begun != 0 && TimeProvider.System.GetElapsedTime(begun) > NoticeAfter)
            {
                observer.Notice($"no node of the cluster has taken the run '{run}' yet: they play others, or there is none");
                begun = 0;
            }
            if (standing.Status == RunStanding.Running && standing.Silence > NoticeAfter != isAlone)
            {
                isAlone = !isAlone;
                observer.Notice(isAlone ? $"no node has been heard of for {NoticeAfter.TotalSeconds:0} s: '{run}' goes on when one is there"
                    : "a node is back");
            }
            if (isOver && standing.Status == RunStanding.Withdrawn)
            {
                File.Delete(folder[RunFolder.HandedInFile]);
                observer.Notice($"'{run}' is withdrawn, no node had begun it; 'akkalb resume {folder.FullPath}' plays it here");
                throw new OperationCanceledException(cancellation);
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
        if (JournalLocation.Read(resolved, folder[RunFolder.ConfigurationFile], folder) is not null)
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

using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;
using Serilog;

namespace AkkaLb.Runtime.Cluster;

/// <summary>
/// One session of a run on a cluster: this node takes the run over, goes on from the last checkpoint in the database, and keeps there what
/// it reaches.
/// </summary>
/// <param name="term">Of the node that holds the cluster's runs.</param>
/// <param name="play">What the agents of the session live on, given its number.</param>
internal sealed class ClusterRun(
    RunStore store, string run, long term, NodeOptions options, string workFolder, Func<long, Action, ClusterPlay> play, ILogger log)
{
    private static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(500);

    /// <summary>The folder of runs that are played among a node's working files.</summary>
    public const string Sessions = "sessions";

    private readonly SemaphoreSlim _telling = new(1);

    /// <summary>Plays the run to its end, or until it is stopped or this node is to hold it no longer.</summary>
    /// <exception cref="RunTakenOverException">Another node holds the run.</exception>
    /// <exception cref="RunFailedException">It cannot go on, or cannot now.</exception>
    public async Task PlayAsync(CancellationToken cancellation)
    {
        if (await store.BeginAsync(run, term) is not { } session)
        {
            return;
        }
        RunFolder folder = RunFolder.At(Path.Combine(workFolder, Sessions, run));
        string status;
        string? failure;
        try
        {
            await store.FetchAsync(run, folder);
            log.Information("Run {Run}: session {Session}", run, session);
            (status, failure) = await PlayAsync(session, folder, cancellation);
            await store.KeepAsync(run, session, Files(folder));
        }
        finally
        {
            if (Directory.Exists(folder.FullPath))
            {
                Directory.Delete(folder.FullPath, recursive: true);
            }
        }
        if (status == RunSummary.Stopped && !await store.IsToStopAsync(run))
        {
            log.Information("Run {Run}: handed over", run);
            return;
        }
        await store.EndAsync(run, session, status, failure);
        log.Information("Run {Run}: {Status}", run, failure ?? status);
    }

    /// <returns>How it stands, and why it has failed if it has.</returns>
    private async Task<(string Status, string? Failure)> PlayAsync(long session, RunFolder folder, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        NewsCollector news = new(folder.FullPath);
        Task telling = TellAsync(session, news, stop);
        try
        {
            RunResult result = await ExperimentRunner.PlayOnClusterAsync(
                folder, HostedRuns.JournalKeys(run, options), news, play(session, () => Keep(session, folder, news)), stop.Token);
            return (result.Summary.Status, null);
        }
        catch (InvalidInputException e)
        {
            return (RunStanding.Failed, e.Message);
        }
        finally
        {
            news.Close();
            await telling;
        }
    }

    /// <summary>It cannot go on at all.</summary>
    public async Task FailAsync(string reason)
    {
        if (await store.BeginAsync(run, term) is { } session)
        {
            await store.EndAsync(run, session, RunStanding.Failed, reason);
        }
    }

    /// <summary>
    /// Called by the learner, which waits: a policy counts when another node could go on from it. The episodes that led to it are told
    /// first, as none of those after it tells them again.
    /// </summary>
    private void Keep(long session, RunFolder folder, NewsCollector news) => Task.Run(async () =>
    {
        await TellOnceAsync(session, news);
        await store.KeepAsync(run, session, Files(folder));
    }).GetAwaiter().GetResult();

    private async Task TellAsync(long session, NewsCollector news, CancellationTokenSource stop)
    {
        for (bool isOver = false; !isOver;)
        {
            isOver = await news.WaitAsync(Telling);
            try
            {
                await TellOnceAsync(session, news);
                if (!stop.IsCancellationRequested && await store.IsToStopAsync(run))
                {
                    await stop.CancelAsync();
                }
            }
            catch (RunTakenOverException)
            {
                await stop.CancelAsync();
            }
            catch (RunFailedException e)
            {
                log.Warning("Run {Run}: nothing can be told: {Reason}", run, e.Message);
            }
        }
    }

    /// <summary>Tells what has come; what cannot be told is told with what comes next.</summary>
    private async Task TellOnceAsync(long session, NewsCollector news)
    {
        await _telling.WaitAsync();
        RunNews taken = news.Take();
        try
        {
            if (!taken.IsNothing)
            {
                await store.TellAsync(run, session, taken);
            }
        }
        catch
        {
            news.Return(taken);
            throw;
        }
        finally
        {
            _telling.Release();
        }
    }

    /// <summary>What makes the folder: all but what is being written.</summary>
    private static Dictionary<string, byte[]> Files(RunFolder folder)
    {
        Dictionary<string, byte[]> files = [];
        foreach (string file in Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder.FullPath, file).Replace('\\', '/');
            if (name is not RunFolder.LockFile && !name.EndsWith(".new", StringComparison.Ordinal)
                && !name.StartsWith(RunFolder.CheckpointFolder + ".", StringComparison.Ordinal))
            {
                using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] content = new byte[stream.Length];
                stream.ReadExactly(content);
                files.Add(name, content);
            }
        }
        return files;
    }
}

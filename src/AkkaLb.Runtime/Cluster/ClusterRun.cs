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

    private readonly SemaphoreSlim _telling = new(1);

    /// <summary>Plays the run to its end, or until it is stopped.</summary>
    /// <param name="cancellation">This node is to hold it no longer.</param>
    /// <returns>How it has ended.</returns>
    /// <exception cref="RunTakenOverException">Another node holds the run.</exception>
    /// <exception cref="RunFailedException">It cannot go on, or cannot now.</exception>
    public async Task<ClusterRunEnd> PlayAsync(CancellationToken cancellation)
    {
        long session = await store.BeginAsync(run, term);
        string path = Path.Combine(workFolder, $"{run}-{session}");
        RunFolder folder = RunFolder.At(path);
        await store.FetchAsync(run, folder);
        log.Information("Run {Run}: session {Session}", run, session);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        NewsCollector news = new();
        Task telling = TellAsync(session, news, stop);
        string? failure = null;
        RunResult? result = null;
        try
        {
            result = await ExperimentRunner.PlayOnClusterAsync(
                folder, LinkAgentRuns.JournalKeys(run, options), news, play(session, () => Keep(session, folder, news)), stop.Token);
        }
        catch (InvalidInputException e)
        {
            failure = e.Message;
        }
        finally
        {
            news.Close();
            await telling;
        }
        bool isWanted = !await store.IsToStopAsync(run);
        if (failure is null && result!.Summary.Status != RunSummary.Finished && isWanted)
        {
            // Handed over: the next node goes on from what is kept.
            await store.KeepAsync(run, session, Files(folder));
            Directory.Delete(path, recursive: true);
            return ClusterRunEnd.HandedOver;
        }
        await store.KeepAsync(run, session, Files(folder));
        await store.EndAsync(run, session, failure is null ? result!.Summary.Status : RunStanding.Failed, failure);
        Directory.Delete(path, recursive: true);
        log.Information("Run {Run}: {Status}", run, failure ?? result!.Summary.Status);
        return ClusterRunEnd.Ended;
    }

    /// <summary>It cannot go on at all.</summary>
    public async Task FailAsync(string reason)
    {
        long session = await store.BeginAsync(run, term);
        await store.EndAsync(run, session, RunStanding.Failed, reason);
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

    /// <summary>What makes the folder, but for what is of this node alone.</summary>
    private static Dictionary<string, byte[]> Files(RunFolder folder)
    {
        Dictionary<string, byte[]> files = [];
        foreach (string file in Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder.FullPath, file).Replace('\\', '/');
            if (name is not (RunFolder.LogFile or RunFolder.LockFile) && !name.EndsWith(".new", StringComparison.Ordinal)
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

internal enum ClusterRunEnd
{
    /// <summary>Finished, stopped or failed.</summary>
    Ended,

    /// <summary>Another node is to go on.</summary>
    HandedOver,
}

using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Runtime.Journals;

/// <summary>
/// Drives a run again from its start, with its own journal beside it: every decision is compared with the one in the journal.
/// </summary>
public static class RunReplay
{
    /// <summary>Replays a run in a folder of its own, which is removed afterwards; the run's folder is not touched.</summary>
    /// <returns>
    /// The result of the replayed run, and the number of events that its journal has more than the original: decided beyond it.
    /// </returns>
    /// <exception cref="InvalidInputException">The run has no journal in its folder.</exception>
    /// <exception cref="RunFailedException">A decision differs; the message names it.</exception>
    public static async Task<(RunResult Result, long Compared, long Beyond)> ReplayAsync(
        string path, IRunObserver observer, CancellationToken cancellation)
    {
        RunFolder original = RunFolder.Open(path);
        if (!File.Exists(original[JournalLocation.EventsFile]))
        {
            throw new InvalidInputException(
                $"{path}: expected a run with {JournalLocation.EventsFile} in its folder: only such runs are driven again");
        }
        string copy = ScratchFolder.Create("akkalb-replay-");
        try
        {
            foreach (string file in Directory.EnumerateFiles(original.FullPath).Where(IsInput))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
            if (Directory.Exists(original[RunFolder.PolicyFolder]))
            {
                Directory.CreateDirectory(Path.Combine(copy, RunFolder.PolicyFolder));
                foreach (string file in Directory.EnumerateFiles(original[RunFolder.PolicyFolder]))
                {
                    File.Copy(file, Path.Combine(copy, RunFolder.PolicyFolder, Path.GetFileName(file)));
                }
            }
            Directory.CreateDirectory(Path.Combine(copy, JournalLocation.Folder));
            // Only the events: without snapshots all of them are read and compared. A copy of one moment, though the run may go on.
            Copy(original[JournalLocation.EventsFile], Path.Combine(copy, JournalLocation.EventsFile));
            long before = Count(copy);
            RunResult result = await ExperimentRunner.ReplayAsync(copy, observer, cancellation);
            return (result, before, Count(copy) - before);
        }
        catch (InvalidInputException e) when (e.Message.Contains(copy, StringComparison.Ordinal))
        {
            throw new InvalidInputException(e.Message.Replace(copy, original.FullPath, StringComparison.Ordinal), e);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // What a run makes is left behind: with a summary or a checkpoint it would not start anew.
    private static bool IsInput(string file) => Path.GetFileName(file) is not (
        RunFolder.SummaryFile or RunFolder.EpisodesFile or RunFolder.LockFile or RunFolder.LogFile);

    private static void Copy(string from, string to)
    {
        using SqliteConnection source = new(
            new SqliteConnectionStringBuilder { DataSource = from, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        using SqliteConnection target = new(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ConnectionString);
        try
        {
            source.Open();
            JournalDatabase.CheckPages(source);
            target.Open();
            source.BackupDatabase(target);
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Unreadable(from, e);
        }
    }

    private static long Count(string folder)
    {
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(folder));
        return reader.Events(new EventFilter()).LongCount(stored => stored.Read().Step >= 0);
    }
}

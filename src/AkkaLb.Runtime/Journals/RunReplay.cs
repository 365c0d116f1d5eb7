using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
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
    /// <exception cref="RunFailedException">
    /// A decision differs, or one of a finished run is not in its journal: the message names it. Or the copy cannot be written.
    /// </exception>
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
            Decisions before = Decided(copy, null);
            RunResult result = await ExperimentRunner.ReplayAsync(copy, observer, cancellation);
            return (result, before.Count, Decided(copy, before).Count - before.Count);
        }
        catch (InvalidInputException e) when (e.InnerException is SqliteException cause && JournalDatabase.IsOfWriting(cause)
            && e.Message.Contains(copy, StringComparison.Ordinal))
        {
            // Reading a journal writes beside it; the run's own could be read.
            throw JournalDatabase.NotCopied(copy, cause);
        }
        catch (InvalidInputException e) when (e.Message.Contains(copy, StringComparison.Ordinal))
        {
            throw new InvalidInputException(e.Message.Replace(copy, original.FullPath, StringComparison.Ordinal), e);
        }
        catch (RunFailedException e) when (e.Message.Contains(copy, StringComparison.Ordinal))
        {
            // With the folder goes what could be gone on with.
            throw new RunFailedException(e.Message.Replace(JournalLocation.Resume, "", StringComparison.Ordinal), e);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // What a run makes is left behind: with a summary or a checkpoint it would not start anew.
    private static bool IsInput(string file) => Path.GetFileName(file) is not (
        RunFolder.SummaryFile or RunFolder.EpisodesFile or RunFolder.LockFile or RunFolder.LogFile);

    internal static void Copy(string from, string to)
    {
        using SqliteConnection source = new(
            new SqliteConnectionStringBuilder { DataSource = from, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        using SqliteConnection target = new(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ConnectionString);
        bool isSound = false;
        try
        {
            source.Open();
            JournalDatabase.CheckPages(source);
            isSound = true;
            target.Open();
            source.BackupDatabase(target);
        }
        catch (SqliteException e)
        {
            throw isSound && JournalDatabase.IsOfWriting(e) ? JournalDatabase.NotCopied(to, e) : JournalDatabase.Unreadable(from, e);
        }
    }

    /// <summary>Counts the numbered events of a copy.</summary>
    /// <param name="before">What it held of a run's before it was played again; null: that is counted here.</param>
    /// <exception cref="RunFailedException">The run had finished, and has decided more now.</exception>
    private static Decisions Decided(string copy, Decisions? before)
    {
        using JournalReader reader = JournalReader.Open(JournalLocation.Of(copy));
        Decisions found = new();
        foreach (StoredEvent stored in reader.Events(new EventFilter()))
        {
            long step = found.Add(stored);
            // What an earlier version did not store at all is nothing that is missing.
            if (before is { IsFinished: true } && step >= 0 && before.Types.Contains(stored.Type)
                && found.Of(stored.Agent) > before.Of(stored.Agent))
            {
                throw new RunFailedException(
                    $"{stored.Agent}: {stored.Manifest} {step} is not in the journal, though the run has finished");
            }
        }
        return found;
    }

    /// <summary>The numbered events of a journal, agent by agent.</summary>
    private sealed class Decisions
    {
        private readonly Dictionary<string, long> _counts = [];

        public HashSet<string> Types { get; } = [];

        public long Count { get; private set; }

        /// <summary>Whether the last of the run's own events says that it has finished.</summary>
        public bool IsFinished { get; private set; }

        public long Of(string agent) => _counts.GetValueOrDefault(agent);

        /// <returns>The event's number; below 0 where it has none.</returns>
        public long Add(StoredEvent stored)
        {
            IJournalEvent happened = stored.Read();
            if (stored.Agent == RunEvents.Agent)
            {
                IsFinished = happened is RunEvents.RunFinished;
            }
            if (happened.Step >= 0)
            {
                (_counts[stored.Agent], Count) = (Of(stored.Agent) + 1, Count + 1);
                Types.Add(stored.Type);
            }
            return happened.Step;
        }
    }
}

using System.Text.Json;
using AkkaLb.Agents.Experiments;
using AkkaLb.Agents.Journals;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Journals;

/// <summary>Compares a run's checkpoint with the sums that lie in it and with the hash that the journal holds of it.</summary>
internal static class CheckpointCheck
{
    // In every family's checkpoint; it holds the number of episodes.
    private const string StateFile = "run.json";

    // A run that goes on may replace its checkpoint while it is read.
    private const int Tries = 5;

    /// <exception cref="InvalidInputException">A file of the checkpoint is damaged: one line that names it.</exception>
    public static void ThrowIfDamaged(RunFolder folder, Config resolved)
    {
        JournalLocation? location = JournalLocation.Read(resolved, folder[RunFolder.ConfigurationFile], folder);
        if (Problem(folder, () => Written(location, folder)) is { } problem)
        {
            throw new InvalidInputException(problem);
        }
    }

    /// <returns>One line that names what is damaged; null when all is sound or there is no checkpoint.</returns>
    /// <param name="written">The checkpoints that the journal knows; only asked when files are as they were written.</param>
    public static string? Problem(RunFolder folder, Func<IEnumerable<RunEvents.CheckpointWritten>> written)
    {
        string? found = null;
        for (int k = 0; k < Tries; k++)
        {
            if (Checkpoint.Find(folder) is not { } path)
            {
                return null;
            }
            try
            {
                string hash = Checkpoint.Hash(path);
                found = CheckpointSums.Problem(path) ?? Compare(path, hash, written());
                // Only what is found in a checkpoint that nobody replaced meanwhile was found.
                if (found is null || (Checkpoint.Find(folder) == path && Checkpoint.Hash(path) == hash))
                {
                    return found;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                found = $"{path}: expected a whole checkpoint: {e.Message}";
            }
        }
        return found;
    }

    /// <summary>The checkpoints that a journal knows, as far as it can be read.</summary>
    public static IEnumerable<RunEvents.CheckpointWritten> Written(JournalReader reader) =>
        Stored(reader, new RunEvents.CheckpointWritten("", "", 0));

    /// <summary>The run's events of a type, as far as the journal can be read.</summary>
    /// <param name="example">One of them.</param>
    public static IEnumerable<T> Stored<T>(JournalReader reader, T example)
        where T : class, IJournalEvent
    {
        foreach (StoredEvent stored in reader.Events(new EventFilter(Agent: RunEvents.Agent, Type: JournalFormat.TypeOf(example))))
        {
            IJournalEvent? happened = null;
            try
            {
                happened = stored.Read();
            }
            catch (InvalidInputException)
            {
                // Whoever opens the journal says what is wrong with it.
            }
            if (happened is T wanted)
            {
                yield return wanted;
            }
        }
    }

    private static IReadOnlyList<RunEvents.CheckpointWritten> Written(JournalLocation? location, RunFolder folder) =>
        Stored(location, folder, new RunEvents.CheckpointWritten("", "", 0));

    /// <inheritdoc cref="Stored{T}(JournalReader, T)"/>
    /// <param name="location">Null: there is none.</param>
    public static IReadOnlyList<T> Stored<T>(JournalLocation? location, RunFolder folder, T example)
        where T : class, IJournalEvent
    {
        if (location is null || (location.Provider == JournalLocation.Sqlite && !File.Exists(folder[JournalLocation.EventsFile])))
        {
            return [];
        }
        try
        {
            using JournalReader reader = JournalReader.Open(location);
            return [.. Stored(reader, example)];
        }
        catch (InvalidInputException)
        {
            // As above: it is opened to be written next.
            return [];
        }
    }

    /// <remarks>A run that was killed between its checkpoint and the event of it has one that the journal does not know.</remarks>
    private static string? Compare(string path, string hash, IEnumerable<RunEvents.CheckpointWritten> written)
    {
        if (Episodes(path) is not { } episodes)
        {
            return $"{Path.Combine(path, StateFile)}: damaged: expected the state of a run with its number of episodes";
        }
        return written.LastOrDefault(w => w.Episodes == episodes) is { } known && known.Sha256 != hash
            ? $"{path}: damaged: the SHA-256 of its files is {hash}, expected {known.Sha256}, "
                + $"which the journal holds of the checkpoint after {episodes} episodes"
            : null;
    }

    private static int? Episodes(string path)
    {
        try
        {
            using JsonDocument state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, StateFile)));
            return state.RootElement.EnumerateObject().FirstOrDefault(p => p.NameEquals("episodes")).Value
                is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int episodes) ? episodes : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

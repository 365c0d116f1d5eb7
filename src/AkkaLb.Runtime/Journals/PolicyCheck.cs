using AkkaLb.Agents.Experiments;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Journals;

/// <summary>
/// Compares the policy that a run has taken from elsewhere with the sums that lie beside it and with the journal's hash of it.
/// </summary>
internal static class PolicyCheck
{
    private static readonly RunEvents.PolicyTaken Example = new("", "");

    /// <summary>The policies that a journal knows, as far as it can be read.</summary>
    public static IEnumerable<RunEvents.PolicyTaken> Taken(JournalReader reader) => CheckpointCheck.Stored(reader, Example);

    /// <exception cref="InvalidInputException">A file of the policy is another one: one line that names it.</exception>
    public static void ThrowIfChanged(RunFolder folder, Config resolved)
    {
        JournalLocation? location = JournalLocation.Read(resolved, folder[RunFolder.ConfigurationFile], folder);
        if (Problem(folder, () => CheckpointCheck.Stored(location, folder, Example)) is { } problem)
        {
            throw new InvalidInputException(problem);
        }
    }

    /// <returns>One line that names what is not as it was taken; null when all is, or when the run has trained its own policy.</returns>
    /// <param name="taken">The policy that the journal knows; only asked when files are as their sums say.</param>
    public static string? Problem(RunFolder folder, Func<IEnumerable<RunEvents.PolicyTaken>> taken)
    {
        string path = folder[RunFolder.PolicyFolder];
        if (!Directory.Exists(path))
        {
            return null;
        }
        if (CheckpointSums.Problem(path) is { } problem)
        {
            return problem;
        }
        string hash = Checkpoint.Hash(path);
        return taken().FirstOrDefault() is { } known && known.Sha256 != hash
            ? $"{path}: the SHA-256 of its files is {hash}, expected {known.Sha256}, which the journal holds of the run's policy"
            : null;
    }
}

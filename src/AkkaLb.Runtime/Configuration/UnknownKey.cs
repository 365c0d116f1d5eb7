using AkkaLb.Domain;

namespace AkkaLb.Runtime.Configuration;

/// <summary>What to say of a key that there is not: the one that it is likest, the command that it is for, or all that there are.</summary>
public static class UnknownKey
{
    private const string Testbed = "testbed";

    // Sections of files that are not experiments.
    private static readonly string[] Commands = ["proxy", "steer", "servers", "load", Testbed, "node"];

    // What other files do not have, unlike a name or a seed.
    private static readonly string[] OfExperiments = ["family", "method", "network", "datacenter", "game", "grid"];

    /// <param name="source">Named in the message.</param>
    /// <param name="path">The section that the key stands in.</param>
    /// <param name="known">The keys that there are, at least one.</param>
    public static InvalidInputException Of(string source, string path, string key, IReadOnlyCollection<string> known)
    {
        string expected = path == ConfigurationLoader.Section && CommandOf(key) is { } command ? $"it is for '{command}'"
            : Nearest(known, key) is { } nearest ? $"did you mean '{path}.{nearest}'?"
            : $"expected {string.Join(", ", known)}";
        return new InvalidInputException($"{source}: unknown key '{path}.{key}'; {expected}");
    }

    /// <summary>Keys of a file in the order in which they tell whose it is: a comparison has servers and a load, too.</summary>
    public static IEnumerable<string> TellingFirst(IEnumerable<string> keys) =>
        keys.OrderBy(key => key == Testbed ? 0 : CommandOf(key) is not null ? 1 : 2);

    /// <summary>The command that takes files with this key in <c>akkalb</c>; null: none does.</summary>
    public static string? CommandOf(string key) =>
        Commands.Contains(key) ? $"akkalb {key}"
        : OfExperiments.Contains(key) ? "akkalb run"
        : null;

    /// <summary>The key that a mistyped one is likest, if close enough to be a slip of the fingers.</summary>
    private static string? Nearest(IEnumerable<string> known, string key) => known
        .Select(name => (Name: name, Distance: Distance(name, key)))
        .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 2))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}

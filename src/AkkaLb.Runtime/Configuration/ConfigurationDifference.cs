using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>A key that two configurations of experiments have other values of, so that other results come out of them.</summary>
/// <param name="Key">In full; values are as they are written, lists with commas.</param>
internal sealed record ConfigurationDifference(string Key, string Before, string Now)
{
    // Keys that say how a run is done and not what comes out of it. What a grid is made of is no key of its runs.
    private static readonly string[] WithoutEffect =
    [
        "akkalb.runs", "akkalb.grid", "akkalb.checkpoint", "akkalb.network.training.threads", "akkalb.datacenter.actors",
        "akkalb.datacenter.learning.threads",
    ];

    /// <summary>The first one, in the order of the reference; null when there is none. Both configurations are resolved.</summary>
    /// <param name="free">Further keys and sections that may differ.</param>
    public static ConfigurationDifference? Find(Config before, Config now, params IReadOnlyCollection<string> free) =>
        Leaves(ConfigurationLoader.Reference.Root, "", [.. WithoutEffect, .. free])
            .Select(key => new ConfigurationDifference(key, Text(before, key), Text(now, key)))
            .FirstOrDefault(difference => difference.Before != difference.Now);

    /// <summary>All keys whose values count, a line each, as HOCON that <see cref="Find"/> takes for the configuration itself.</summary>
    /// <inheritdoc cref="Find"/>
    public static string Essence(Config config, params IReadOnlyCollection<string> free) => string.Concat(
        Leaves(ConfigurationLoader.Reference.Root, "", [.. WithoutEffect, .. free])
            .Select(key => $"{key} = {ConfigurationWriter.Quote(Text(config, key))}\n"));

    private static IEnumerable<string> Leaves(HoconValue section, string path, HashSet<string> skipped) =>
        section.GetObject()!.Items.SelectMany(item =>
        {
            string full = path.Length == 0 ? item.Key : $"{path}.{item.Key}";
            return skipped.Contains(full) ? [] : item.Value.IsObject() ? Leaves(item.Value, full, skipped) : [full];
        });

    private static string Text(Config config, string key) => config.GetValue(key) is { } value && value.IsArray()
        ? string.Join(", ", ConfigurationLoader.Texts(config, key)) : config.GetString(key, "") ?? "";
}

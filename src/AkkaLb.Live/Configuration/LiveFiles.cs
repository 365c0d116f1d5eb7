using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Live.Load;
using AkkaLb.Live.TestServers;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Configuration;

/// <summary>The files of <c>akkalb servers</c> and <c>akkalb load</c>, over their reference configuration.</summary>
public static class LiveFiles
{
    /// <param name="path">Null: all defaults.</param>
    /// <param name="overrides"><c>key=value</c>, relative to <c>akkalb</c>.</param>
    /// <param name="seed">Wins over the file's.</param>
    /// <exception cref="InvalidInputException">A key is unknown or a value out of its range.</exception>
    public static TestServersOptions Servers(string? path, IEnumerable<string> overrides, ulong? seed)
    {
        SectionReader reader = TestbedReference.Load(path, WithSeed(overrides, seed), TestServersReader.Section, out Config config);
        TestServersOptions options = TestServersReader.Read(reader, config);
        reader.ThrowIfInvalid();
        return options;
    }

    /// <param name="targets">Where requests go; none: those of the file.</param>
    /// <inheritdoc cref="Servers"/>
    public static (LoadOptions Options, IReadOnlyList<Uri> Targets) Load(
        string? path, IEnumerable<string> overrides, ulong? seed, IReadOnlyList<string> targets)
    {
        SectionReader reader = TestbedReference.Load(path, WithSeed(overrides, seed), LoadReader.Section, out _);
        LoadOptions options = LoadReader.Read(reader, path is null ? "." : Path.GetDirectoryName(Path.GetFullPath(path))!);
        IReadOnlyList<Uri> addresses = LoadReader.ReadTargets(reader, targets);
        reader.ThrowIfInvalid();
        return (options, addresses);
    }

    private static IEnumerable<string> WithSeed(IEnumerable<string> overrides, ulong? seed) =>
        seed is { } value ? overrides.Append($"seed={value}") : overrides;
}

using System.Reflection;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Configuration;

/// <summary>The files of <c>akkalb servers</c>, <c>akkalb load</c> and <c>akkalb testbed</c>, over their reference configuration.</summary>
internal static class TestbedReference
{
    private const string Resource = "reference-testbed.conf";

    /// <summary>All defaults: <c>hocon/live/reference-testbed.conf</c>.</summary>
    public static Config Reference { get; } = Read();

    /// <summary>Reads a file; null: the defaults alone.</summary>
    /// <param name="overrides"><c>key=value</c>, relative to <c>akkalb</c>.</param>
    /// <param name="section">The one that a file has to have something of.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or has nothing of the section, or a key is unknown.</exception>
    public static SectionReader Load(string? path, IEnumerable<string> overrides, string section, out Config config)
    {
        config = path is null
            ? ConfigurationLoader.Resolve(Config.Parse(""), "", overrides, Reference)
            : ConfigurationLoader.Load(path, overrides, Reference, section);
        return new SectionReader(config, path ?? "--set");
    }

    private static Config Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using StreamReader reader = new(stream);
        return Config.Parse(reader.ReadToEnd());
    }
}

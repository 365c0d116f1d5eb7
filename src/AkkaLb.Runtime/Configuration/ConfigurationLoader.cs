using System.Reflection;
using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>Loads experiment files (HOCON): includes, overrides, the reference configuration beneath, and a check of every key.</summary>
public static class ConfigurationLoader
{
    internal const string Section = "akkalb";

    // Akka.NET's own, which its reference configuration describes.
    internal const string EngineSection = "akka";

    /// <summary>The configuration of all defaults: <c>hocon/reference.conf</c>.</summary>
    public static Config Reference { get; } = ReadReference();

    /// <summary>Reads an experiment file.</summary>
    /// <param name="overrides"><c>key=value</c>; keys are relative to <c>akkalb</c> unless they begin with a top-level section.</param>
    /// <param name="reference">Defaults of every key that a file of this kind may have; null: those of experiments.</param>
    /// <param name="section">One that file and overrides have to have something of; null: none.</param>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read or parsed, a key is unknown, or there is nothing of the section.
    /// </exception>
    public static Config Load(string path, IEnumerable<string> overrides, Config? reference = null, string? section = null) =>
        Resolve(Parse(ReadText(path), path), path, overrides, reference, section);

    /// <summary>Puts overrides above and the reference beneath a configuration, and checks its keys.</summary>
    /// <param name="source">Named in errors.</param>
    /// <param name="reference">As for <see cref="Load"/>.</param>
    /// <param name="section">As for <see cref="Load"/>.</param>
    public static Config Resolve(
        Config config, string source, IEnumerable<string> overrides, Config? reference = null, string? section = null)
    {
        KeyCheck.Check(config, source, reference);
        Config written = ParseOverrides(overrides, reference).WithFallback(config);
        if (section is not null)
        {
            SectionCheck.Require(written, source, section);
        }
        return written.WithFallback(reference ?? Reference);
    }

    /// <summary>Overrides as one configuration, in which later ones win.</summary>
    /// <exception cref="InvalidInputException">One is malformed, or its key is unknown.</exception>
    public static Config ParseOverrides(IEnumerable<string> overrides, Config? reference = null)
    {
        Config config = Config.Empty;
        foreach (string pair in overrides)
        {
            Config one = ParseOverride(pair);
            KeyCheck.Check(one, $"--set {pair}", reference);
            config = one.WithFallback(config);
        }
        return config;
    }

    /// <summary>Parses HOCON text; <c>include</c>s are read relative to <paramref name="path"/>.</summary>
    /// <param name="path">Named in errors.</param>
    /// <param name="isOverride">Whether <paramref name="path"/> is also named where values are read out of a merged configuration.</param>
    /// <param name="included">Gets the paths of included files, and whether there is anything in them.</param>
    public static Config Parse(string text, string path, bool isOverride = false, IDictionary<string, bool>? included = null)
    {
        try
        {
            return Config.Parse(text, file => Include([Path.GetFullPath(path)], file, included), isOverride ? path : null);
        }
        catch (HoconException e)
        {
            throw new InvalidInputException($"{path}: {OneLine(e.Message)}", e);
        }
    }

    /// <summary>An included file, or null (which HOCON allows unless it is required) when there is none.</summary>
    /// <param name="chain">The files that are being read, each included by the one before.</param>
    /// <exception cref="InvalidInputException">It is one of the chain.</exception>
    private static HoconRoot? Include(string[] chain, string file, IDictionary<string, bool>? included)
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(chain[^1])!, file));
        if (chain.Contains(path, StringComparer.Ordinal))
        {
            throw new InvalidInputException($"{chain[^1]}: include \"{file}\" leads back to {path}, expected no cycle");
        }
        string? text = File.Exists(path) ? ReadText(path) : null;
        if (included is not null)
        {
            included[path] = !string.IsNullOrWhiteSpace(text);
        }
        return text is null ? null : HoconRoot.Parse(text, inner => Include([.. chain, path], inner, included));
    }

    private static Config ParseOverride(string pair)
    {
        int equals = pair.IndexOf('=');
        if (equals <= 0)
        {
            throw new InvalidInputException($"--set {pair}: expected key=value, for example network.training.episodes=500");
        }
        string key = pair[..equals].Trim();
        bool absolute = new[] { EngineSection, Section }.Any(s => key == s || key.StartsWith(s + ".", StringComparison.Ordinal));
        return Parse($"{(absolute ? key : $"{Section}.{key}")} = {pair[(equals + 1)..]}", $"--set {pair}", isOverride: true);
    }

    /// <summary>A list of texts; or one text with commas, since environment variables hold no lists.</summary>
    /// <exception cref="HoconException">It is no list of texts.</exception>
    internal static IReadOnlyList<string> Texts(Config config, string key) => config.GetValue(key) is { } value && value.IsString()
        ? config.GetString(key, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : config.GetStringList(key);

    /// <param name="allowLatin1">Whether a file of this kind may be Latin-1 where it is not UTF-8.</param>
    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static string ReadText(string path, bool allowLatin1 = false)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidInputException($"{path}: expected a file, found a folder");
        }
        try
        {
            return TextInput.Decode(File.ReadAllBytes(path), path, allowLatin1);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {OneLine(e.Message)}", e);
        }
    }

    private static Config ReadReference()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reference.conf")!;
        using StreamReader reader = new(stream);
        return Config.Parse(reader.ReadToEnd());
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

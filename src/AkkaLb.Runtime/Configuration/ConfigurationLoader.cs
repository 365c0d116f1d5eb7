using System.Reflection;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using AkkaLb.Domain;

namespace AkkaLb.Runtime.Configuration;

/// <summary>Loads experiment files (HOCON): includes, overrides, the reference configuration beneath, and a check of every key.</summary>
public static class ConfigurationLoader
{
    private const string Section = "akkalb";

    // Sections of Akka.NET's own, which its reference configuration describes.
    private static readonly string[] EngineSections = ["akka"];

    /// <summary>The configuration of all defaults: <c>hocon/reference.conf</c>.</summary>
    public static Config Reference { get; } = ReadReference();

    /// <summary>Reads an experiment file.</summary>
    /// <param name="overrides"><c>key=value</c>; keys are relative to <c>akkalb</c> unless they begin with a top-level section.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or parsed, or a key is unknown.</exception>
    public static Config Load(string path, IEnumerable<string> overrides) =>
        Resolve(Parse(ReadText(path), path), path, overrides);

    /// <summary>Puts overrides above and the reference beneath a configuration, and checks its keys.</summary>
    /// <param name="source">Named in errors.</param>
    public static Config Resolve(Config config, string source, IEnumerable<string> overrides)
    {
        CheckKeys(config, source);
        foreach (string pair in overrides)
        {
            Config one = ParseOverride(pair);
            CheckKeys(one, $"--set {pair}");
            config = one.WithFallback(config);
        }
        return config.WithFallback(Reference);
    }

    /// <summary>Parses HOCON text; <c>include</c>s are read relative to <paramref name="path"/>.</summary>
    public static Config Parse(string text, string path)
    {
        try
        {
            return ConfigurationFactory.ParseString(text, file => Include(path, file)!);
        }
        catch (Exception e) when (e is ConfigurationException or FormatException)
        {
            throw new InvalidInputException($"{path}: {OneLine(e.Message)}", e);
        }
    }

    /// <summary>An included file, or null (which HOCON allows unless it is required) when there is none.</summary>
    private static HoconRoot? Include(string including, string file)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(including))!, file);
        return File.Exists(path) ? Parser.Parse(ReadText(path), inner => Include(path, inner)!) : null;
    }

    private static Config ParseOverride(string pair)
    {
        int equals = pair.IndexOf('=');
        if (equals <= 0)
        {
            throw new InvalidInputException($"--set {pair}: expected key=value, for example network.training.episodes=500");
        }
        string key = pair[..equals].Trim();
        bool absolute = EngineSections.Append(Section).Any(s => key.StartsWith(s + ".", StringComparison.Ordinal));
        return Parse($"{(absolute ? key : $"{Section}.{key}")} = {pair[(equals + 1)..]}", $"--set {pair}");
    }

    private static void CheckKeys(Config config, string source)
    {
        if (config.IsEmpty || !config.Root.IsObject())
        {
            return;
        }
        foreach ((string key, HoconValue value) in config.Root.GetObject()!.Items)
        {
            if (EngineSections.Contains(key))
            {
                continue;
            }
            if (key != Section)
            {
                throw new InvalidInputException($"{source}: unknown key '{key}'; expected everything under '{Section}'");
            }
            CheckKeys(value, Reference.GetValue(Section)!, Section, source);
        }
    }

    private static void CheckKeys(HoconValue value, HoconValue reference, string path, string source)
    {
        bool expectsObject = reference.IsObject();
        if (expectsObject != value.IsObject())
        {
            throw new InvalidInputException(expectsObject
                ? $"{source}: '{path}' is a section, found a value; expected keys {string.Join(", ", reference.GetObject()!.Items.Keys)}"
                : $"{source}: '{path}' is a value, found a section");
        }
        if (!expectsObject)
        {
            return;
        }
        Dictionary<string, HoconValue> known = reference.GetObject()!.Items;
        foreach ((string key, HoconValue child) in value.GetObject()!.Items)
        {
            if (!known.TryGetValue(key, out HoconValue? expected))
            {
                string nearest = known.Keys.MinBy(k => EditDistance(k, key))!;
                throw new InvalidInputException($"{source}: unknown key '{path}.{key}'; did you mean '{path}.{nearest}'?");
            }
            CheckKeys(child, expected, $"{path}.{key}", source);
        }
    }

    /// <summary>Levenshtein distance, for suggestions.</summary>
    private static int EditDistance(string a, string b)
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

    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static string ReadText(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidInputException($"{path}: expected a file, found a folder");
        }
        try
        {
            return File.ReadAllText(path);
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
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

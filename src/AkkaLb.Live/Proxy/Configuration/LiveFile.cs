using System.Reflection;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Proxy.Configuration;

/// <summary>
/// What files of <c>akkalb proxy</c> and <c>akkalb steer</c> have in common: their reference, and sections that are others'.
/// </summary>
internal static class LiveFile
{
    private static readonly string[] Beside = ["akka", "akkalb"], BesideInOurs = ["proxy", "journal", "steer"];

    private static readonly Lazy<Config> Reference = new(ReadReference);

    /// <summary>The keys of a section.</summary>
    public static SectionTemplate Template(string section) => new(Reference.Value.GetValue(section)!, section);

    /// <summary>Reads a file.</summary>
    /// <param name="overrides"><c>key=value</c>, relative to <paramref name="section"/>.</param>
    /// <param name="included">Gets the paths of included files, and whether there is anything in them.</param>
    /// <exception cref="InvalidInputException">It cannot be read or parsed, or an override is malformed.</exception>
    public static Config Read(string path, string section, IEnumerable<string> overrides, IDictionary<string, bool> included) =>
        Override(ConfigurationLoader.Parse(ConfigurationLoader.ReadText(path), path, included: included), section, overrides);

    /// <summary>Those of included files that are missing or empty.</summary>
    public static IReadOnlyList<string> Absent(IDictionary<string, bool> included) =>
        [.. included.Where(file => !file.Value).Select(file => file.Key)];

    public static Config Override(Config written, string section, IEnumerable<string> overrides) =>
        overrides.Aggregate(written, (config, pair) => Parse(pair, section).WithFallback(config));

    /// <param name="section">The one that the command reads.</param>
    /// <exception cref="InvalidInputException">There are sections that nobody reads, or nothing of that one.</exception>
    public static void CheckSections(Config written, string source, string section)
    {
        HoconObject root = Root(written, source);
        foreach (string key in root.Items.Keys.Where(key => !Beside.Contains(key)))
        {
            throw new InvalidInputException($"{source}: unknown key '{key}'; expected everything under 'akkalb.proxy' or 'akkalb.steer'");
        }
        IEnumerable<string> ours = root.GetKey("akkalb") is { } all && all.IsObject() ? all.GetObject().Items.Keys : [];
        foreach (string key in UnknownKey.TellingFirst(ours).Where(key => !BesideInOurs.Contains(key)))
        {
            throw UnknownKey.Of(source, "akkalb", key, BesideInOurs);
        }
        SectionCheck.Require(written, source, section);
    }

    /// <summary>The sections that are Runtime's and Akka.NET's, as they are.</summary>
    public static Config OfRuntime(Config written)
    {
        Config kept = Config.Empty;
        foreach (string section in (string[])["akka", "akkalb.journal"])
        {
            if (written.GetValue(section) is { } value)
            {
                kept = kept.WithFallback(Config.Parse($"{section} : {HoconWriter.Write(value)}"));
            }
        }
        return kept;
    }

    private static Config Parse(string pair, string section)
    {
        int equals = pair.IndexOf('=');
        bool isAbsolute = Beside.Any(other => pair.StartsWith(other + ".", StringComparison.Ordinal));
        return equals > 0
            ? ConfigurationLoader.Parse($"{(isAbsolute ? "" : section + ".")}{pair[..equals].Trim()} = {pair[(equals + 1)..]}",
                $"--set {pair}", isOverride: true)
            : throw new InvalidInputException($"--set {pair}: expected key=value, for example clusters.web.policy=sed");
    }

    private static HoconObject Root(Config written, string source)
    {
        try
        {
            return written.Root.GetObject();
        }
        catch (HoconException e)
        {
            throw new InvalidInputException($"{source}: {e.Message}", e);
        }
    }

    private static Config ReadReference()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("live-reference.conf")!;
        using StreamReader text = new(stream);
        return Config.Parse(text.ReadToEnd());
    }
}

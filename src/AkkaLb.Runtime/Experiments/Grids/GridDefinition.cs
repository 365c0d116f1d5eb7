using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments.Grids;

/// <summary>The section <c>grid</c> of a configuration, expanded: every variant with every combination of values.</summary>
internal sealed class GridDefinition
{
    private const string Section = "akkalb.grid";

    private const int MostRuns = 10_000;

    private readonly ExperimentSource _source;
    private readonly Config _resolved;

    private GridDefinition(ExperimentSource source)
    {
        _source = source;
        _resolved = source.Resolved;
        Seeds = ReadSeeds();
        Cells = Expand();
        foreach (Cell cell in Cells)
        {
            source.RequireMethod(Said(cell), $"{source.File}, cell '{cell.Name}'");
        }
    }

    public IReadOnlyList<ulong> Seeds { get; }

    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>Whether a configuration, resolved, is a grid and not a single experiment.</summary>
    public static bool IsGrid(Config resolved) =>
        resolved.GetString($"{Section}.base", "") != ""
        || resolved.GetValue($"{Section}.seeds") is { } seeds && (!seeds.IsArray() || seeds.GetArray().Count > 0)
        || Keys(resolved, KeyCheck.GridVariants).Count > 0
        || Keys(resolved, KeyCheck.GridValues).Count > 0;

    /// <exception cref="InvalidInputException">A seed is not valid, or two cells have one name.</exception>
    public static GridDefinition Read(ExperimentSource source) => new(source);

    /// <summary>The whole configuration of a cell with a seed.</summary>
    public Config Configure(Cell cell, ulong seed)
    {
        string own = string.Create(CultureInfo.InvariantCulture,
            $"akkalb.seed = {seed}\nakkalb.name = {ConfigurationWriter.Quote($"{_source.Name} {cell.Name}")}");
        return Config.Parse(own).WithFallback(Said(cell)).WithFallback(ConfigurationLoader.Reference);
    }

    /// <summary>All that the command line, the grid and its base say of a cell.</summary>
    private Config Said(Cell cell)
    {
        string keys = string.Join('\n', cell.Settings.Select(s => $"akkalb.{s.Key} = {s.Hocon}"));
        return _source.Overrides.WithFallback(Config.Parse(keys)).WithFallback(_source.Content);
    }

    private List<ulong> ReadSeeds()
    {
        string key = $"{Section}.seeds";
        HoconValue value = _resolved.GetValue(key)!;
        IReadOnlyList<HoconValue> items = value.IsArray() ? value.GetArray() : [value];
        if (items.Count == 0)
        {
            SectionReader reader = new(_resolved, _source.File);
            ulong seed = reader.Seed("akkalb.seed");
            reader.ThrowIfInvalid();
            return [seed];
        }
        if (_source.Overrides.HasPath("akkalb.seed"))
        {
            throw new InvalidInputException(
                $"--set seed: '{key}' of {_source.File} lists the seeds of this grid; expected --set grid.seeds=[…] or --seed");
        }
        List<ulong> seeds = [];
        foreach (string? text in items.Select(i => i.IsString() ? i.GetString() : null))
        {
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) || seeds.Contains(seed))
            {
                throw new InvalidInputException(
                    $"{_source.File}: '{key}': expected a list of different integers from 0 to {ulong.MaxValue}, found '{text}'");
            }
            seeds.Add(seed);
        }
        return seeds;
    }

    private List<Cell> Expand()
    {
        List<Axis> common = Axes(_resolved.GetValue($"{Section}.{KeyCheck.GridValues}"));
        List<(string Name, List<Setting> Settings, List<Axis> Axes)> variants = [];
        foreach ((string name, HoconValue variant) in Keys(_resolved, KeyCheck.GridVariants))
        {
            List<Setting> settings = [];
            foreach ((string key, HoconValue value) in variant.GetObject()!.Items.Where(i => i.Key != KeyCheck.GridValues))
            {
                AddSettings(settings, key, value);
            }
            List<Axis> own = Axes(variant.GetObject()!.GetKey(KeyCheck.GridValues));
            // What the variant says of a key wins.
            IEnumerable<Axis> rest = common.Where(a => own.All(o => o.Key != a.Key) && settings.All(s => s.Key != a.Key));
            variants.Add((name, settings, [.. rest, .. own]));
        }
        if (variants.Count == 0)
        {
            variants.Add(("", [], common));
        }
        long runs = variants.Sum(v => v.Axes.Aggregate(1L, (n, a) => Math.Min(n * a.Values.Count, MostRuns))) * Seeds.Count;
        if (runs > MostRuns)
        {
            throw new InvalidInputException($"{_source.File}: '{Section}': expected at most {MostRuns} runs");
        }
        IReadOnlyDictionary<string, string> shortNames = ShortNames([.. variants.SelectMany(v => v.Axes.Select(a => a.Key)).Distinct()]);
        return [.. variants.SelectMany(v => Combinations(v.Axes).Select(taken => new Cell(
            Name(v.Name, taken, shortNames), v.Name, [.. v.Settings, .. taken], taken.ToDictionary(s => s.Key, s => s.Text))))];
    }

    private static string Name(string variant, IReadOnlyList<Setting> taken, IReadOnlyDictionary<string, string> shortNames)
    {
        IEnumerable<string> words = taken.Select(s => $"{shortNames[s.Key]}={s.Text.Split('/', '\\')[^1]}");
        string name = string.Join(' ', variant.Length == 0 ? words : words.Prepend(variant));
        return name.Length == 0 ? "all" : name;
    }

    /// <summary>All combinations of the axes' values; the last axis changes fastest.</summary>
    private static List<List<Setting>> Combinations(IReadOnlyList<Axis> axes) =>
        axes.Aggregate(new List<List<Setting>> { new() }, (taken, axis) =>
            [.. taken.SelectMany(t => axis.Values.Select(v => (List<Setting>)[.. t, v]))]);

    /// <summary>For every key as many of its last words as tell it from the others.</summary>
    private static Dictionary<string, string> ShortNames(IReadOnlyList<string> keys) => keys.ToDictionary(key => key, key =>
    {
        string[] words = key.Split('.');
        return Enumerable.Range(1, words.Length)
            .Select(n => string.Join('.', words[^n..]))
            .First(end => end == key || keys.Count(k => k == end || k.EndsWith("." + end, StringComparison.Ordinal)) == 1);
    });

    private static List<Axis> Axes(HoconValue? section)
    {
        List<Axis> axes = [];
        if (section?.IsObject() == true)
        {
            foreach ((string key, HoconValue value) in section.GetObject()!.Items)
            {
                Walk(key, value);
            }
        }
        return axes;

        void Walk(string key, HoconValue value)
        {
            if (value.IsObject())
            {
                foreach ((string child, HoconValue below) in value.GetObject()!.Items)
                {
                    Walk($"{key}.{child}", below);
                }
                return;
            }
            axes.Add(new Axis(key, [.. value.GetArray().Select(v => new Setting(key, Text(v), Hocon(v)))]));
        }
    }

    private static void AddSettings(List<Setting> settings, string key, HoconValue value)
    {
        if (!value.IsObject())
        {
            settings.Add(new Setting(key, Text(value), Hocon(value)));
            return;
        }
        foreach ((string child, HoconValue below) in value.GetObject()!.Items)
        {
            AddSettings(settings, $"{key}.{child}", below);
        }
    }

    private static string Text(HoconValue value) =>
        value.IsArray() ? $"[{string.Join(", ", value.GetArray().Select(Text))}]" : value.GetString() ?? "null";

    private static string Hocon(HoconValue value) =>
        value.IsArray() ? $"[{string.Join(", ", value.GetArray().Select(Hocon))}]" : ConfigurationWriter.Quote(value.GetString() ?? "");

    private static Dictionary<string, HoconValue> Keys(Config resolved, string key) =>
        resolved.GetValue($"{Section}.{key}") is { } value && value.IsObject() ? value.GetObject()!.Items : [];

    /// <summary>A variant with one combination of values.</summary>
    /// <param name="Settings">All keys that it sets, relative to <c>akkalb</c>, the later ones winning.</param>
    /// <param name="Taken">The values taken, by key.</param>
    public sealed record Cell(string Name, string Variant, IReadOnlyList<Setting> Settings, IReadOnlyDictionary<string, string> Taken);

    /// <param name="Text">For people.</param>
    /// <param name="Hocon">As it is parsed.</param>
    public sealed record Setting(string Key, string Text, string Hocon);

    private sealed record Axis(string Key, IReadOnlyList<Setting> Values);
}

using AkkaLb.Domain;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>Reads typed values within ranges from a configuration; collects every problem, and reports them together.</summary>
/// <param name="source">Named in errors, where nothing else is known to have set a value.</param>
/// <param name="written">What <paramref name="config"/> was completed from, which knows what set a value; null: itself.</param>
public sealed class SectionReader(Config config, string source, Config? written = null)
{
    // Timers take from 1 to 2^31 ms.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromDays(24);

    private readonly List<string> _problems = [];

    public string Source => source;

    /// <summary>The override, or the included file, that set a key; else the source.</summary>
    public string Origin(string key) => (written ?? config).GetValue(key)?.Source ?? source;

    /// <summary>Whether a key was asked for on the command line, and so is not to be ignored in silence.</summary>
    public bool IsOverride(string key) => Origin(key).StartsWith("--set ", StringComparison.Ordinal);

    /// <summary>The experiment's own name, or that of the file it stands in.</summary>
    public string ExperimentName => Text("akkalb.name") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(source);

    public string Text(string key) => config.GetString(key, "");

    /// <summary>A list of texts; or one text with commas, since environment variables hold no lists.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        try
        {
            return ConfigurationLoader.Texts(config, key);
        }
        catch (HoconException)
        {
            _problems.Add($"{Origin(key)}: '{key}' is no list, expected a list of words");
            return [];
        }
    }

    public int Integer(string key, int low, int high = int.MaxValue) => Integer(key, low, high, "");

    /// <returns>Null for off.</returns>
    public int? IntegerOrOff(string key, int low, int high = int.MaxValue) => IsOff(key) ? null : Integer(key, low, high, "off or ");

    public ulong Seed(string key) =>
        Read(key, k => ulong.Parse(config.GetString(k, ""), System.Globalization.CultureInfo.InvariantCulture), _ => true,
            "an integer from 0 to 18446744073709551615", v => v, 0UL);

    /// <param name="low">Smallest value allowed, or the largest that is not when <paramref name="open"/>.</param>
    public double Number(string key, double low, double high = double.PositiveInfinity, bool open = false) =>
        Number(key, low, high, open, "");

    /// <returns>Null for off.</returns>
    public double? NumberOrOff(string key, double low, double high = double.PositiveInfinity, bool open = false) =>
        IsOff(key) ? null : Number(key, low, high, open, "off or ");

    /// <summary>A list of integers, at least one.</summary>
    public IReadOnlyList<int> Integers(string key, int low, int high)
    {
        IReadOnlyList<string> texts = Texts(key);
        List<int> values = [];
        foreach (string text in texts)
        {
            if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
                out int value) && value >= low && value <= high)
            {
                values.Add(value);
            }
        }
        if (texts.Count == 0 || values.Count < texts.Count)
        {
            _problems.Add($"{Origin(key)}: '{key}' is '[{string.Join(", ", texts)}]', expected a list of integers from {low} to {high}");
        }
        return values;
    }

    /// <summary>A list of numbers above <paramref name="low"/>, perhaps none.</summary>
    public IReadOnlyList<double> Numbers(string key, double low, double high)
    {
        IReadOnlyList<string> texts = Texts(key);
        List<double> values = [];
        foreach (string text in texts)
        {
            if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture,
                out double value) && value > low && value <= high)
            {
                values.Add(value);
            }
        }
        if (values.Count < texts.Count)
        {
            ListProblem(key, $"a list of numbers above {low} to {high}");
        }
        return values;
    }

    public bool Switch(string key) => Read(key, k => config.GetBoolean(k), _ => true, "on or off", v => v, false);

    /// <summary>A duration that a timer measures.</summary>
    public TimeSpan Duration(string key) => Read(
        key, k => config.GetTimeSpan(k), v => v >= TimeSpan.Zero && v <= Longest, "a duration such as 500ms or 10s, at most 24d", v => v,
        TimeSpan.Zero);

    /// <summary>A duration above 0 that a timer measures.</summary>
    public TimeSpan PositiveDuration(string key) => Read(
        key, k => config.GetTimeSpan(k), v => v >= Shortest && v <= Longest, "a duration above 0, such as 500ms, from 1ms to 24d", v => v,
        TimeSpan.FromSeconds(1));

    /// <summary>A duration between two rounds, or 0 for none.</summary>
    public TimeSpan Period(string key) => Read(
        key, k => config.GetTimeSpan(k), v => v == TimeSpan.Zero || (v >= Shortest && v <= Longest),
        "0, or a duration such as 500ms, from 1ms to 24d", v => v, TimeSpan.Zero);

    /// <summary>A duration that no timer measures: in the time of a simulation, or looked at now and then.</summary>
    public TimeSpan AnyDuration(string key) =>
        Read(key, k => config.GetTimeSpan(k), v => v >= TimeSpan.Zero, "a duration such as 500ms or 10s", v => v, TimeSpan.Zero);

    public T Choice<T>(string key, params (string Word, T Value)[] choices)
    {
        string word = Text(key);
        foreach ((string candidate, T value) in choices)
        {
            if (candidate == word)
            {
                return value;
            }
        }
        Problem(key, string.Join(", ", choices.Select(c => c.Word)));
        return choices[0].Value;
    }

    public void Problem(string key, string expected) =>
        _problems.Add($"{Origin(key)}: '{key}' is '{Text(key)}', expected {expected}");

    /// <summary>The same for an entry of a list, or another part of a key's value.</summary>
    public void Problem(string key, string found, string expected) =>
        _problems.Add($"{Origin(key)}: '{key}' has {found}, expected {expected}");

    /// <summary>The same for a key whose value is a list.</summary>
    public void ListProblem(string key, string expected) =>
        _problems.Add($"{Origin(key)}: '{key}' is '[{string.Join(", ", Texts(key))}]', expected {expected}");

    /// <exception cref="InvalidInputException">Something read so far was not as expected.</exception>
    public void ThrowIfInvalid()
    {
        if (_problems.Count > 0)
        {
            string more = _problems.Count == 1 ? "" : $" (and {_problems.Count - 1} more such problem{(_problems.Count == 2 ? "" : "s")})";
            throw new InvalidInputException(_problems[0] + more);
        }
    }

    private bool IsOff(string key) => Text(key) is "off" or "false" or "no";

    private int Integer(string key, int low, int high, string or) => Read(
        key, k => config.GetLong(k), v => v >= low && v <= high, $"{or}an integer from {low}{(high == int.MaxValue ? "" : $" to {high}")}",
        v => (int)v, low);

    private double Number(string key, double low, double high, bool open, string or)
    {
        string range = $"{or}a number {(open ? "above" : "from")} {low}{(double.IsPositiveInfinity(high) ? "" : $" to {high}")}";
        return Read(key, k => config.GetDouble(k), v => double.IsFinite(v) && (open ? v > low : v >= low) && v <= high, range, v => v, low);
    }

    private TResult Read<T, TResult>(string key, Func<string, T> get, Func<T, bool> valid, string expected, Func<T, TResult> convert,
        TResult otherwise)
        where T : struct
    {
        try
        {
            T value = get(key);
            if (valid(value))
            {
                return convert(value);
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or HoconException or InvalidCastException or ArgumentException)
        {
            // Reported below, with what was expected.
        }
        Problem(key, expected);
        return otherwise;
    }
}

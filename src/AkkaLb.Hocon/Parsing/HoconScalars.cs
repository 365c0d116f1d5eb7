using System.Globalization;

namespace AkkaLb.Hocon.Parsing;

internal delegate bool TryRead<T>(string text, out T value);

/// <summary>How to read one kind of text, and what to call it in an error.</summary>
internal sealed record HoconScalar<T>(string Expected, TryRead<T> TryRead);

internal static class HoconScalars
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private static readonly Dictionary<string, double> TicksPerUnit = Units(
        (0.01, "ns nano nanos nanosecond nanoseconds"),
        (10, "us µs micro micros microsecond microseconds"),
        (System.TimeSpan.TicksPerMillisecond, "ms milli millis millisecond milliseconds"),
        (System.TimeSpan.TicksPerSecond, "s second seconds"),
        (System.TimeSpan.TicksPerMinute, "m minute minutes"),
        (System.TimeSpan.TicksPerHour, "h hour hours"),
        (System.TimeSpan.TicksPerDay, "d day days"));

    public static readonly HoconScalar<string> String = new("a string", (string text, out string value) =>
    {
        value = text;
        return true;
    });

    public static readonly HoconScalar<bool> Boolean = new("true or false", (string text, out bool value) =>
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    });

    public static readonly HoconScalar<long> Long = new(
        "an integer", (string text, out long value) => long.TryParse(text, Whole, Invariant, out value));
    public static readonly HoconScalar<double> Double = new(
        "a number", (string text, out double value) => double.TryParse(text, NumberStyles.Float, Invariant, out value));

    public static readonly HoconScalar<TimeSpan> TimeSpan = new("a duration such as 100ms, 2s or 5m", TryReadTimeSpan);

    private static bool TryReadTimeSpan(string text, out TimeSpan value)
    {
        value = default;
        if (!TrySplit(text, out double number, out double unit))
        {
            return false;
        }
        double ticks = Math.Round(number * unit);
        value = ticks < long.MaxValue ? System.TimeSpan.FromTicks((long)ticks) : default;
        return ticks < long.MaxValue;
    }

    /// <summary>
    /// Splits <c>1.5 s</c> into a number that is not negative and its unit's ticks; without a unit it counts milliseconds.
    /// </summary>
    private static bool TrySplit(string text, out double number, out double unit)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int end = trimmed.Length;
        while (end > 0 && char.IsLetter(trimmed[end - 1]))
        {
            end--;
        }
        string name = end == trimmed.Length ? "ms" : trimmed[end..].ToString();
        unit = 0;
        return double.TryParse(trimmed[..end].TrimEnd(), NumberStyles.Float, Invariant, out number)
            && number >= 0 && TicksPerUnit.TryGetValue(name, out unit);
    }

    private static Dictionary<string, double> Units(params (double Factor, string Names)[] units) =>
        units.SelectMany(unit => unit.Names.Split(' '), (unit, name) => (name, unit.Factor)).ToDictionary(
            unit => unit.name, unit => unit.Factor);
}

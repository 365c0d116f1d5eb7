using System.Globalization;

namespace AkkaLb.Engine.Configuration;

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

    private static readonly Dictionary<string, double> BytesPerUnit = Units(
        (1, "b B byte bytes"),
        (1e3, "kB kilobyte kilobytes"), (1e6, "MB megabyte megabytes"), (1e9, "GB gigabyte gigabytes"),
        (1e12, "TB terabyte terabytes"), (1e15, "PB petabyte petabytes"), (1e18, "EB exabyte exabytes"),
        (1L << 10, "k K Ki KiB kibibyte kibibytes"), (1L << 20, "m M Mi MiB mebibyte mebibytes"), (1L << 30, "g G Gi GiB gibibyte gibibytes"),
        (1L << 40, "t T Ti TiB tebibyte tebibytes"), (1L << 50, "p P Pi PiB pebibyte pebibytes"), (1L << 60, "e E Ei EiB exbibyte exbibytes"));

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

    public static readonly HoconScalar<byte> Byte = new("an integer from 0 to 255", (string text, out byte value) => byte.TryParse(text, Whole, Invariant, out value));
    public static readonly HoconScalar<int> Int = new("an integer of at most 32 bits", (string text, out int value) => int.TryParse(text, Whole, Invariant, out value));
    public static readonly HoconScalar<long> Long = new("an integer", (string text, out long value) => long.TryParse(text, Whole, Invariant, out value));
    public static readonly HoconScalar<float> Float = new("a number", (string text, out float value) => float.TryParse(text, NumberStyles.Float, Invariant, out value));
    public static readonly HoconScalar<double> Double = new("a number", (string text, out double value) => double.TryParse(text, NumberStyles.Float, Invariant, out value));
    public static readonly HoconScalar<decimal> Decimal = new("a number", (string text, out decimal value) => decimal.TryParse(text, NumberStyles.Float, Invariant, out value));
    public static readonly HoconScalar<long> ByteSize = new("a size such as 512b, 64k or 128KiB", TryReadByteSize);

    private static readonly HoconScalar<TimeSpan> Finite = new("a duration such as 100ms, 2s or 5m", TryReadTimeSpan);

    private static readonly HoconScalar<TimeSpan> Infinite = new("a duration such as 100ms, 2s, 5m or infinite", (string text, out TimeSpan value) =>
    {
        value = Timeout.InfiniteTimeSpan;
        return text.Trim().Equals("infinite", StringComparison.OrdinalIgnoreCase) || TryReadTimeSpan(text, out value);
    });

    public static HoconScalar<TimeSpan> TimeSpan(bool allowInfinite) => allowInfinite ? Infinite : Finite;

    private static bool TryReadTimeSpan(string text, out TimeSpan value)
    {
        value = default;
        if (!TrySplit(text, "ms", TicksPerUnit, out double number, out double unit))
        {
            return false;
        }
        double ticks = Math.Round(number * unit);
        value = ticks < long.MaxValue ? System.TimeSpan.FromTicks((long)ticks) : default;
        return ticks < long.MaxValue;
    }

    private static bool TryReadByteSize(string text, out long value)
    {
        value = default;
        if (!TrySplit(text, "b", BytesPerUnit, out double number, out double unit))
        {
            return false;
        }
        // Whole numbers exactly, beyond the 53 bits of a double.
        if (unit == 1 && long.TryParse(text.AsSpan().TrimEnd("bBytes ".AsSpan()), Whole, Invariant, out value))
        {
            return true;
        }
        double bytes = number * unit;
        value = bytes < long.MaxValue ? (long)bytes : default;
        return bytes < long.MaxValue;
    }

    /// <summary>Splits <c>1.5 GiB</c> into a number that is not negative and its unit's factor.</summary>
    private static bool TrySplit(string text, string defaultUnit, Dictionary<string, double> units, out double number, out double unit)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int end = trimmed.Length;
        while (end > 0 && char.IsLetter(trimmed[end - 1]))
        {
            end--;
        }
        string name = end == trimmed.Length ? defaultUnit : trimmed[end..].ToString();
        unit = 0;
        return double.TryParse(trimmed[..end].TrimEnd(), NumberStyles.Float, Invariant, out number)
            && number >= 0 && units.TryGetValue(name, out unit);
    }

    private static Dictionary<string, double> Units(params (double Factor, string Names)[] units) =>
        units.SelectMany(unit => unit.Names.Split(' '), (unit, name) => (name, unit.Factor)).ToDictionary(unit => unit.name, unit => unit.Factor);
}

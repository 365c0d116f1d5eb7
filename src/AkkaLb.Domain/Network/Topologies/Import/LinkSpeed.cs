using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>Speeds in bit/s as people write them: a number with k, M, G or T, perhaps with bit/s or bps behind it.</summary>
public static class LinkSpeed
{
    /// <returns>Null where it is no speed within what a topology accepts.</returns>
    public static double? Parse(string text) => ParseRate(text) is >= Topology.LowestCapacity and var speed ? speed : null;

    /// <summary>As <see cref="Parse"/>, for what may also be 0.</summary>
    public static double? ParseRate(string text)
    {
        string trimmed = text.Trim();
        int end = trimmed.Length;
        while (end > 0 && !char.IsAsciiDigit(trimmed[end - 1]) && trimmed[end - 1] != '.')
        {
            end--;
        }

        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(trimmed[..end], style, CultureInfo.InvariantCulture, out double number)
            && Factor(trimmed[end..]) is { } factor
            && number * factor is >= 0 and <= Topology.HighestCapacity and var rate
                ? rate
                : null;
    }

    /// <summary>With the largest unit that leaves a number of 1 or more, such as 2.5G.</summary>
    public static string Write(double speed)
    {
        (double factor, string unit) = speed switch
        {
            >= 1e12 => (1e12, "T"),
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return (speed / factor).ToString("G12", CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>The name of a unit, such as kbit/s; of one that has none how many bit/s it is.</summary>
    public static string UnitName(double factor) => factor switch
    {
        1 => "bit/s",
        1e3 => "kbit/s",
        1e6 => "Mbit/s",
        1e9 => "Gbit/s",
        1e12 => "Tbit/s",
        _ => $"{Write(factor)}bit/s",
    };

    /// <returns>Null for another unit, also one of bytes.</returns>
    public static double? Factor(string unit)
    {
        string word = unit.Trim();
        foreach (string end in new[] { "bit/s", "bits/s", "bps", "b/s" })
        {
            if (word.EndsWith(end, StringComparison.OrdinalIgnoreCase) && !word.EndsWith("B/s", StringComparison.Ordinal)
                && !word.EndsWith("Bps", StringComparison.Ordinal))
            {
                word = word[..^end.Length].Trim();
                break;
            }
        }

        return word switch
        {
            "" => 1,
            "k" or "K" => 1e3,
            "m" or "M" => 1e6,
            "g" or "G" => 1e9,
            "t" or "T" => 1e12,
            _ => null,
        };
    }
}

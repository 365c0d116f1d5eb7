using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>What both formats of SNDlib share. They name no unit; most of their networks are in Mbit/s.</summary>
internal static class Sndlib
{
    public const double Unit = 1e6;

    public static double UnitOf(string word, string fileName) => word.Trim().ToUpperInvariant() switch
    {
        "BITPERSEC" => 1,
        "KBITPERSEC" => 1e3,
        "MBITPERSEC" => 1e6,
        "GBITPERSEC" => 1e9,
        _ => throw new InvalidInputException(
            $"{fileName}: unit: expected BITPERSEC, KBITPERSEC, MBITPERSEC or GBITPERSEC, found '{TextInput.Shown(word.Trim())}'"),
    };

    /// <summary>What one unit of a demand's value takes of a link's capacity.</summary>
    public static double RoutingUnit(string text, string fileName, string place) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double unit) && unit is > 0 and < 1e30
            ? unit
            : throw new InvalidInputException(
                $"{fileName}, {place}: expected a routing unit above 0, found '{TextInput.Shown(text.Trim())}'");

    /// <returns>What is installed, else the first module that could be.</returns>
    public static string? Capacity(string? installed, string? first, ref int modules)
    {
        if (double.TryParse(installed, CultureInfo.InvariantCulture, out double capacity) && capacity > 0)
        {
            return installed!.Trim();
        }

        modules += first is null ? 0 : 1;
        return first?.Trim();
    }

    public static IReadOnlyList<string> Notes(int modules) =>
        modules == 0 ? [] : [$"{modules} links have no installed capacity: that of their first module"];
}

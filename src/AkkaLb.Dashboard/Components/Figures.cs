using System.Globalization;
using System.Text.Json;

namespace AkkaLb.Dashboard.Components;

/// <summary>Numbers as pages show them.</summary>
internal static class Figures
{
    public const string None = "–";

    public static string Short(double? value) =>
        value is not { } number || double.IsNaN(number) ? None : number.ToString("G4", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>With the word, in its plural where that is due.</summary>
    public static string Count(long value, string word) => $"{Count(value)} {word}{(value == 1 ? "" : "s")}";

    /// <summary>A rate in bit/s, with the prefix that makes it short.</summary>
    public static string BitRate(double rate)
    {
        (double size, string prefix) = new[] { (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k") }.FirstOrDefault(
            unit => rate >= unit.Item1, (1, ""));
        return $"{Short(rate / size)} {prefix}bit/s";
    }

    public static string Percent(double? share) =>
        share is not { } number || double.IsNaN(number) ? None : (number * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Milliseconds(double? seconds) =>
        seconds is not { } number ? None : (number * 1000).ToString("0.#", CultureInfo.InvariantCulture) + " ms";

    public static string Duration(TimeSpan time) => time.TotalSeconds < 90 ? $"{time.TotalSeconds:0} s"
        : time.TotalMinutes < 90 ? $"{time.TotalMinutes:0} min" : $"{time.TotalHours:0.0} h";

    /// <summary>The numbers and words of a document by their paths, such as <c>metrics.phi</c>; lists are left out.</summary>
    /// <param name="exact">Numbers as they are written there, for programs.</param>
    public static IEnumerable<(string Path, string Value)> Flatten(JsonElement element, bool exact = false, string path = "") =>
        element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(child => Flatten(child.Value, exact, path.Length == 0 ? child.Name : $"{path}.{child.Name}")),
        JsonValueKind.Number when exact => [(path, element.GetRawText())],
        JsonValueKind.Number => [(path, element.TryGetInt64(out long whole) ? Count(whole) : Short(element.GetDouble()))],
        JsonValueKind.String => [(path, element.GetString()!)],
        JsonValueKind.True or JsonValueKind.False => [(path, element.GetBoolean() ? "yes" : "no")],
        _ => [],
    };
}

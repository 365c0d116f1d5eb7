using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>Where a node is drawn: degrees of longitude and latitude, or units of the file's own.</summary>
/// <param name="X">Grows to the right, or to the east; finite.</param>
/// <param name="Y">Grows upwards, or to the north; finite.</param>
public readonly record struct NodePosition(double X, double Y)
{
    /// <summary>Keys under which files have positions: the Topology Zoo's, and what most others call them.</summary>
    internal const string Longitude = "Longitude", Latitude = "Latitude", Across = "x", Up = "y";

    /// <summary>The position that a node's attributes tell.</summary>
    /// <returns>Null where they tell none: what is no number says nothing.</returns>
    internal static NodePosition? Of(IReadOnlyDictionary<string, string> attributes)
    {
        return Of(Longitude, Latitude) ?? Of(Across, Up);

        NodePosition? Of(string x, string y) =>
            Number(attributes.GetValueOrDefault(x)) is { } across && Number(attributes.GetValueOrDefault(y)) is { } up
                ? new(across, up) : null;
    }

    /// <summary>Those of all nodes; empty where no node has one.</summary>
    internal static IReadOnlyList<NodePosition?> Of(IEnumerable<IReadOnlyDictionary<string, string>> nodes)
    {
        NodePosition?[] positions = [.. nodes.Select(Of)];
        return positions.All(position => position is null) ? [] : positions;
    }

    /// <summary>Screens count downwards: y of GML's <c>graphics</c>.</summary>
    internal static string? Downwards(string? y) =>
        Number(y) is { } number ? (0 - number).ToString("R", CultureInfo.InvariantCulture) : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : null;
}

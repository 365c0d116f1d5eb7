using System.Globalization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Network;

/// <summary>How links look: bent to the right of their direction, as wide as their capacity, coloured by their utilisation.</summary>
internal sealed class LinkDrawing
{
    /// <summary>Of the drawing.</summary>
    public const int Width = 900, Height = 560, NodeRadius = 13;

    private const double Margin = 50, Thinnest = 2, Widest = 8;

    // From empty over half full to full.
    private static readonly (int Red, int Green, int Blue)[] Colours = [(59, 130, 196), (222, 184, 54), (205, 52, 24)];

    private readonly (double X, double Y)[] _places;

    public LinkDrawing(Topology topology)
    {
        _places = [.. NodePlaces.Of(topology).Select(p => (Margin + p.X * (Width - 2 * Margin), Margin + p.Y * (Height - 2 * Margin)))];
        double most = Math.Sqrt(topology.Links.Max(link => link.Capacity));
        Paths = [.. topology.Links.Select(Path)];
        Widths = [.. topology.Links.Select(link => Number(Thinnest + (Widest - Thinnest) * Math.Sqrt(link.Capacity) / most))];
    }

    /// <summary>One for each link.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <inheritdoc cref="Paths"/>
    public IReadOnlyList<string> Widths { get; }

    public (string X, string Y) Place(int node) => (Number(_places[node].X), Number(_places[node].Y));

    /// <param name="utilisation">Load over capacity; all above 1 look alike.</param>
    public static string Colour(double utilisation)
    {
        double at = Math.Clamp(double.IsNaN(utilisation) ? 0 : utilisation, 0, 1) * (Colours.Length - 1);
        int low = Math.Min((int)at, Colours.Length - 2);
        double part = at - low;
        int Mix(Func<(int Red, int Green, int Blue), int> of) => (int)Math.Round(
            of(Colours[low]) * (1 - part) + of(Colours[low + 1]) * part);
        return $"#{Mix(c => c.Red):x2}{Mix(c => c.Green):x2}{Mix(c => c.Blue):x2}";
    }

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private string Path(Link link)
    {
        (double x1, double y1) = _places[link.From.Index];
        (double x2, double y2) = _places[link.To.Index];
        double length = Math.Max(1, Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)));
        (double ux, double uy) = ((x2 - x1) / length, (y2 - y1) / length);
        double bend = Math.Min(12, length / 9) + 14 * link.Key, gap = NodeRadius + 3, arrow = 11;
        (double mx, double my) = ((x1 + x2) / 2 - uy * bend * 2, (y1 + y2) / 2 + ux * bend * 2);
        // Both ends beside the line between the nodes, outside their circles.
        (double sx, double sy) = (x1 + ux * gap - uy * bend / 3, y1 + uy * gap + ux * bend / 3);
        (double ex, double ey) = (x2 - ux * (gap + arrow) - uy * bend / 3, y2 - uy * (gap + arrow) + ux * bend / 3);
        return $"M{Number(sx)} {Number(sy)}Q{Number(mx)} {Number(my)} {Number(ex)} {Number(ey)}";
    }
}

using System.Globalization;

namespace AkkaLb.Live.Testbed;

/// <summary>One run of a comparison.</summary>
/// <param name="Load">Requests' work per second over what all slots can do.</param>
/// <param name="Proxies">Processes side by side.</param>
public sealed record TestbedCell(Contender Contender, double Load, int Proxies, ulong Seed)
{
    public bool IsAt(Contender contender, double load, int proxies) => Contender == contender && Load == load && Proxies == proxies;

    /// <summary>Its folder's name within that of all runs.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Contender.Name}_load{Load:0.####}_proxies{Proxies}_seed{Seed}");
}

using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>Reads the traffic matrices of TOTEM: <c>TrafficMatrixFile</c>, with <c>src</c> and <c>dst</c> below <c>IntraTM</c>.</summary>
internal static class TotemXmlReader
{
    /// <summary>Bit/s of a bare rate where the file names no unit: published matrices are in kbit/s.</summary>
    private const double Unit = 1e3;

    public static bool Recognises(XElement root) => root.Name.LocalName == "TrafficMatrixFile";

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static (IReadOnlyList<RawDemand> Demands, double Unit) Read(XElement root, string fileName)
    {
        double unit = root.Descendants().FirstOrDefault(
            e => e.Name.LocalName == "unit" && e.Attribute("type")?.Value == "bandwidth")?.Attribute("value")?.Value is { } word
            ? LinkSpeed.Factor(word) ?? throw new InvalidInputException(
                $"{fileName}: expected a unit of bandwidth such as kbps or Mbps, found '{TextInput.Shown(word)}'")
            : Unit;
        var demands = new List<RawDemand>();
        foreach (XElement source in root.Descendants().Where(element => element.Name.LocalName == "src"))
        {
            foreach (XElement target in source.Elements().Where(element => element.Name.LocalName == "dst"))
            {
                demands.Add(new RawDemand(Id(source), Id(target), target.Value.Trim(), $"line {XmlInput.Line(target)}"));
            }
        }

        return (demands, unit);

        string Id(XElement element) => element.Attribute("id")?.Value ?? throw new InvalidInputException(
            $"{fileName}, line {XmlInput.Line(element)}: <{element.Name.LocalName}> has no id, expected that of a node");
    }
}

using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>Reads what nodes send and receive by in a gravity model, such as their inhabitants: CSV with the columns node and
/// mass.</summary>
public static class NodeMasses
{
    /// <summary>Bounds within which no product of two masses is lost.</summary>
    private const double Lowest = 1e-60, Highest = 1e60;

    /// <returns>One for each node of the topology.</returns>
    /// <exception cref="InvalidInputException">Malformed, a node that is not there, twice or missing, or a mass out of 10⁻⁶⁰ …
    /// 10⁶⁰.</exception>
    public static IReadOnlyList<double> Read(string text, string fileName, Topology topology)
    {
        DelimitedText table = DelimitedText.Read(text, fileName);
        int node = table.Required("node"), mass = table.Required("mass");
        var masses = new double[topology.NodeCount];
        foreach (DelimitedRow row in table.Rows)
        {
            string name = row.Fields[node], value = row.Fields[mass];
            if (!topology.TryFindNode(name, out NodeId id) || masses[id.Index] > 0)
            {
                throw new InvalidInputException(
                    $"{fileName}, line {row.Line}: expected a node of {topology.Name} that has no mass yet, found "
                        + $"'{TextInput.Shown(name)}'");
            }

            masses[id.Index] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number is >= Lowest and <= Highest
                ? number
                : throw new InvalidInputException(
                    $"{fileName}, line {row.Line}: expected a mass above 0, found '{TextInput.Shown(value)}'");
        }

        int missing = Array.IndexOf(masses, 0);
        return missing < 0
            ? masses
            : throw new InvalidInputException($"{fileName}: expected a mass of every node, found none of {topology.Labels[missing]}");
    }
}

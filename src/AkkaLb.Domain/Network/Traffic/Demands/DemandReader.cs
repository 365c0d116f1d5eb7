using System.Globalization;
using System.Xml.Linq;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads demand matrices, whatever of the formats that it knows the content is in: CSV with the columns from, to and rate, REPETITA's
/// demands, SNDlib's XML and native text (with the network or alone), TOTEM's XML, and a NumPy array of nodes × nodes.
/// </summary>
public static class DemandReader
{
    private const int MostNames = 5;

    private static readonly string[] From = ["from", "source"], To = ["to", "target"], Rate = ["rate", "demand", "bandwidth", "value"];

    /// <param name="bytes">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="network">Whose nodes the demands name, by label, by identifier in the file, or by position in it.</param>
    /// <param name="unit">Bit/s of one unit of the file's bare rates; null for that which the file or its format has.</param>
    /// <exception cref="InvalidInputException">It is none of the formats, is damaged, names a node that is not there, or has a rate that is
    /// negative or no number; the message names file, place and expectation.</exception>
    public static DemandMatrix Read(byte[] bytes, string fileName, ImportedTopology network, double? unit = null)
    {
        if (NumPyArray.Recognises(bytes))
        {
            return new Matrix(fileName, network, unit ?? 1, "NumPy").Build(
                FromArray(NumPyArray.Read(bytes, fileName), network, fileName), []);
        }

        string text = TextInput.Decode(bytes, fileName, allowLatin1: true);
        List<string> notes = [];
        (string format, IReadOnlyList<RawDemand> demands, double own) = FromText(text, fileName, notes);
        return new Matrix(fileName, network, unit ?? own, format).Build(demands, notes);
    }

    private static (string Format, IReadOnlyList<RawDemand> Demands, double Unit) FromText(
        string text, string fileName, List<string> notes)
    {
        InvalidInputException None() => new($"{fileName}: expected demands in the SNDlib file, found none");
        if (text.AsSpan().TrimStart() is ['<', ..])
        {
            XElement root = XmlInput.Parse(text, fileName);
            if (TotemXmlReader.Recognises(root))
            {
                (IReadOnlyList<RawDemand> totem, double kbps) = TotemXmlReader.Read(root, fileName);
                return ("TOTEM", totem, kbps);
            }

            if (!SndlibXmlReader.Recognises(root))
            {
                throw new InvalidInputException(
                    $"{fileName}: found XML with <{root.Name.LocalName}>, expected SNDlib: <network>, or TOTEM: <TrafficMatrixFile>");
            }

            (IReadOnlyList<RawDemand> demands, double unit) = SndlibXmlReader.ReadDemands(root, fileName) ?? throw None();
            return ("SNDlib XML", demands, unit);
        }

        if (SndlibNativeReader.Recognises(text))
        {
            (IReadOnlyList<RawDemand> demands, double unit) = SndlibNativeReader.ReadDemands(text, fileName) ?? throw None();
            return ("SNDlib native", demands, unit);
        }

        return RepetitaReader.RecognisesDemands(text)
            ? ("REPETITA", RepetitaReader.ReadDemands(text, fileName), RepetitaReader.Unit)
            : ("CSV", FromCsv(text, fileName, notes), 1);
    }

    private static RawDemand[] FromCsv(string text, string fileName, List<string> notes)
    {
        if (FlowRecords.HasTimes(DelimitedText.HeaderOf(text)))
        {
            throw new InvalidInputException(
                $"{fileName}: found flow records, which have a start and an end, expected one matrix; 'akkalb network traffic' makes flows "
                + "of one file of records");
        }

        DelimitedText table = DelimitedText.Read(text, fileName);
        int from = table.Required(From), to = table.Required(To), rate = table.Required(Rate);
        if (table.NamesExcept(from, to, rate) is { Length: > 0 } unused)
        {
            notes.Add($"columns that are not read: {unused}");
        }

        return [.. table.Rows.Select(row =>
            new RawDemand(row.Fields[from], row.Fields[to], row.Fields[rate], $"line {row.Line}"))];
    }

    private static IEnumerable<RawDemand> FromArray(NumPyArray array, ImportedTopology network, string fileName)
    {
        int nodes = network.Nodes.Count;
        if (array.Rows != nodes || array.Columns != nodes)
        {
            throw new InvalidInputException(
                $"{fileName}: found an array of {array.Rows} × {array.Columns}, expected {nodes} × {nodes} for the nodes of "
                + network.Topology.Name);
        }

        for (int row = 0; row < nodes; row++)
        {
            for (int column = 0; column < nodes; column++)
            {
                if (array[row, column] != 0)
                {
                    yield return new RawDemand(
                        row.ToString(CultureInfo.InvariantCulture), column.ToString(CultureInfo.InvariantCulture),
                        array[row, column].ToString("R", CultureInfo.InvariantCulture), $"[{row}, {column}]", ByPosition: true);
                }
            }
        }
    }

    private sealed class Matrix(string fileName, ImportedTopology network, double unit, string format)
    {
        public DemandMatrix Build(IEnumerable<RawDemand> raw, IEnumerable<string> notes)
        {
            var rates = new Dictionary<(NodeId From, NodeId To), double>();
            var leftOut = new HashSet<string>(StringComparer.Ordinal);
            int own = 0, repeated = 0;
            foreach (RawDemand demand in raw)
            {
                NodeId? from = Node(demand, demand.From), to = Node(demand, demand.To);
                double rate = Parse(demand);
                if (from is not { } tail || to is not { } head)
                {
                    leftOut.Add(from is null ? demand.From : demand.To);
                }
                else if (tail == head)
                {
                    own += rate > 0 ? 1 : 0;
                }
                else if (rate > 0)
                {
                    double before = rates.GetValueOrDefault((tail, head));
                    repeated += before > 0 ? 1 : 0;
                    rates[(tail, head)] = before + rate;
                }
            }

            if (rates.Count == 0)
            {
                throw new InvalidInputException(
                    $"{fileName}: expected at least one demand above 0 between two nodes of {network.Topology.Name}, found none");
            }

            return new DemandMatrix(
                fileName, [.. rates.Select(pair => new Demand(pair.Key.From, pair.Key.To, pair.Value))],
                [.. notes, .. Notes(own, repeated, [.. leftOut])]);
        }

        private IEnumerable<string> Notes(int own, int repeated, string[] leftOut)
        {
            yield return $"demands are taken to be in {LinkSpeed.UnitName(unit)} ({format})";
            if (own > 0)
            {
                yield return $"{own} demands from a node to itself are left out";
            }

            if (repeated > 0)
            {
                yield return $"{repeated} demands of a pair that has one already are added to it";
            }

            if (leftOut.Length > 0)
            {
                yield return $"demands of {string.Join(", ", leftOut.Take(MostNames).Select(name => $"\"{name}\""))}"
                    + $"{(leftOut.Length > MostNames ? $" and {leftOut.Length - MostNames} more" : "")} are left out with these nodes";
            }
        }

        private double Parse(RawDemand demand)
        {
            double? rate = double.TryParse(demand.Rate, NumberStyles.Float, CultureInfo.InvariantCulture, out double bare)
                ? bare * demand.Units * unit
                : LinkSpeed.ParseRate(demand.Rate) * demand.Units;
            return rate is >= 0 and <= Topology.HighestCapacity
                ? rate.Value
                : throw new InvalidInputException(
                    $"{fileName}, {demand.Place}: expected a rate from 0, such as 12.5 or 2.5G, found '{TextInput.Shown(demand.Rate)}'");
        }

        private NodeId? Node(RawDemand demand, string name)
        {
            if (demand.ByPosition)
            {
                return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
                    && position < network.Nodes.Count
                    ? network.Nodes[position].Node
                    : throw new InvalidInputException(
                        $"{fileName}, {demand.Place}: expected a node from 0 to {network.Nodes.Count - 1}, found "
                            + $"'{TextInput.Shown(name)}'");
            }

            return network.TryFindNode(name, out NodeId? node)
                ? node
                : throw new InvalidInputException(
                    $"{fileName}, {demand.Place}: expected a node of {network.Topology.Name}, found '{TextInput.Shown(name)}'");
        }
    }
}

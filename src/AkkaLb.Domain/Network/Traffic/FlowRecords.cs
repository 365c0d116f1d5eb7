using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads flow records as collectors of NetFlow and IPFIX export them: CSV with from, to, start, end, and either rate or bytes. Times are
/// milliseconds, or dates; dates count from the first record's start.
/// </summary>
public static class FlowRecords
{
    private static readonly string[] From = ["from", "source"], To = ["to", "target"], Start = ["start", "ts", "first"],
        End = ["end", "te", "last"], Rate = ["rate", "bps"], Bytes = ["bytes", "ibyt", "octets"];

    private static readonly string[] Dates =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFF", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFF", "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <returns>Null where the file is no table with the columns of records.</returns>
    /// <inheritdoc cref="Read"/>
    public static FlowSet? TryRead(byte[] bytes, string fileName, ImportedTopology network, double unit = 1)
    {
        if (NumPyArray.Recognises(bytes))
        {
            return null;
        }

        string text = TextInput.Decode(bytes, fileName, allowLatin1: true);
        return HasTimes(DelimitedText.HeaderOf(text)) ? Read(text, fileName, network, unit) : null;
    }

    /// <summary>Whether a table with these columns is one of records, and no matrix.</summary>
    internal static bool HasTimes(IReadOnlyList<string> header) => header.Any(Start.Contains) && header.Any(End.Contains);

    /// <param name="network">
    /// Whose nodes the records name, by label or by identifier in the file. Records of nodes that were left out of it, and of a node to
    /// itself, are left out.
    /// </param>
    /// <param name="unit">Bit/s of one unit of bare rates.</param>
    /// <exception cref="InvalidInputException">A column is missing, or a record names no node, time or rate; names file and
    /// line.</exception>
    public static FlowSet Read(string text, string fileName, ImportedTopology network, double unit = 1)
    {
        DelimitedText table = DelimitedText.Read(text, fileName);
        int from = table.Required(From), to = table.Required(To), start = table.Required(Start), end = table.Required(End);
        int bytes = table.Column(Bytes), rate = bytes < 0 ? table.Required([.. Rate, .. Bytes]) : table.Column(Rate);
        var records = new List<(DelimitedRow Row, double Start, double End, bool IsDate)>();
        foreach (DelimitedRow row in table.Rows)
        {
            (double first, bool isDate) = Time(row, start, fileName);
            (double last, bool endIsDate) = Time(row, end, fileName);
            if (isDate != endIsDate || (records.Count > 0 && records[0].IsDate != isDate))
            {
                throw new InvalidInputException(
                    $"{fileName}, line {row.Line}: expected all times in milliseconds, or all as dates, found both");
            }

            // A flow of one packet begins and ends in the same millisecond, and so lasts that one.
            records.Add(last >= first ? (row, first, Math.Max(last, first + 1), isDate) : throw new InvalidInputException(
                $"{fileName}, line {row.Line}: expected an end not before the start, found '{row.Fields[start]}' and '{row.Fields[end]}'"));
        }

        double origin = records.Count > 0 && records[0].IsDate ? records.Min(record => record.Start) : 0;
        var flows = new List<Flow>(records.Count);
        foreach ((DelimitedRow row, double first, double last, _) in records)
        {
            if (Node(row, from, fileName, network) is not { } tail || Node(row, to, fileName, network) is not { } head || tail == head)
            {
                continue;
            }

            long begin = (long)Math.Round(first - origin), over = Math.Max(begin + 1, (long)Math.Round(last - origin));
            double speed = rate >= 0
                ? Number(row, rate, fileName, "a rate from 0, such as 12.5 or 2.5M", unit)
                : 8000 * Number(row, bytes, fileName, "bytes from 0", 1) / (last - first);
            flows.Add(new Flow(
                new FlowId(row.Line.ToString(CultureInfo.InvariantCulture)), tail, head, [new RateChange(begin, speed)], begin, over));
        }

        List<string> notes = rate < 0 ? [] : [$"rates are taken to be in {LinkSpeed.UnitName(unit)} (flow records)"];
        if (records.Count > flows.Count)
        {
            notes.Add($"{records.Count - flows.Count} records from a node to itself, or of nodes that are left out, are left out");
        }

        return new FlowSet(fileName, flows) { Notes = notes };
    }

    private static (double Milliseconds, bool IsDate) Time(DelimitedRow row, int column, string fileName)
    {
        string text = row.Fields[column];
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double ms) && ms < long.MaxValue / 2)
        {
            return (ms, false);
        }

        return DateTimeOffset.TryParseExact(
            text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? (date.ToUnixTimeMilliseconds(), true)
            : throw new InvalidInputException(
                $"{fileName}, line {row.Line}: expected a time in milliseconds or as 2026-01-31 23:59:59, found '{TextInput.Shown(text)}'");
    }

    private static double Number(DelimitedRow row, int column, string fileName, string expected, double unit)
    {
        string text = row.Fields[column];
        double? value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bare)
            ? bare * unit
            : LinkSpeed.ParseRate(text);
        return value is >= 0 and <= Topology.HighestCapacity ? value.Value : throw new InvalidInputException(
            $"{fileName}, line {row.Line}: expected {expected}, found '{TextInput.Shown(text)}'");
    }

    private static NodeId? Node(DelimitedRow row, int column, string fileName, ImportedTopology network) =>
        network.TryFindNode(row.Fields[column], out NodeId? node) ? node : throw new InvalidInputException(
            $"{fileName}, line {row.Line}: expected a node of {network.Topology.Name}, found '{TextInput.Shown(row.Fields[column])}'");
}

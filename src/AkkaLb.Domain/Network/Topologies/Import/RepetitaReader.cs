using System.Globalization;

namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads the text files of REPETITA: graphs of <c>NODES n</c>, a row "label x y" for each, <c>EDGES m</c>, a row "label src dest weight
/// bw delay" for each directed edge; demands of <c>DEMANDS d</c> and rows "label src dest bw". Nodes go by their position; bw is in kbit/s.
/// </summary>
internal static class RepetitaReader
{
    public const double Unit = 1e3;

    public static bool RecognisesGraph(string text) => Counted(FirstLine(text), "NODES");

    public static bool RecognisesDemands(string text) => Counted(FirstLine(text), "DEMANDS");

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile ReadGraph(string text, string fileName)
    {
        var lines = new Lines(text, fileName);
        IReadOnlyList<(int Line, string[] Words)> nodes = lines.Section("NODES", "label x y", 1);
        IReadOnlyList<(int Line, string[] Words)> edges = lines.LastSection("EDGES", "label src dest weight bw delay", 5);
        return new GraphFile(
            "REPETITA",
            true,
            [.. nodes.Select((node, i) => new GraphNode(
                i.ToString(CultureInfo.InvariantCulture), Attributes(node.Words), $"line {node.Line}"))],
            [.. edges.Select(edge => new GraphEdge(
                edge.Words[1], edge.Words[2],
                new Dictionary<string, string> { [GraphFile.Metric] = edge.Words[3], [GraphFile.Capacity] = edge.Words[4] },
                $"line {edge.Line}"))],
            Unit);
    }

    /// <returns>Positions of nodes and a rate in units of the file.</returns>
    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static IReadOnlyList<RawDemand> ReadDemands(string text, string fileName) =>
        [.. new Lines(text, fileName).LastSection("DEMANDS", "label src dest bw", 4).Select(row =>
            new RawDemand(row.Words[1], row.Words[2], row.Words[3], $"line {row.Line}", ByPosition: true))];

    /// <summary>Of a node: its label, and its place where there is one.</summary>
    private static Dictionary<string, string> Attributes(string[] words)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["label"] = words[0] };
        if (words.Length >= 3)
        {
            (values[NodePosition.Across], values[NodePosition.Up]) = (words[1], words[2]);
        }

        return values;
    }

    private static string FirstLine(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace())
            {
                return line.Length > 64 ? "" : line.ToString();
            }
        }

        return "";
    }

    private static bool Counted(string line, string word) => Words(line) is [var first, var count]
        && first == word && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private sealed class Lines(string text, string fileName)
    {
        private readonly string[] _lines = text.Split('\n');
        private int _next;

        /// <summary>The rows below "WORD n" and a header.</summary>
        public IReadOnlyList<(int Line, string[] Words)> Section(string word, string header, int least)
        {
            string[] words = Next($"{word} and a number");
            if (words is not [var found, var text] || found != word
                || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                throw Error($"expected {word} and a number, found '{string.Join(' ', words)}'");
            }

            if (!Next($"the header '{header}'").Contains("label"))
            {
                throw Error($"expected the header '{header}'");
            }

            var rows = new List<(int, string[])>();
            for (int i = 0; i < count; i++)
            {
                string[] row = Next($"row {i + 1} of {count} of {word}");
                rows.Add(row.Length >= least ? (_next, row) : throw Error($"found {row.Length} fields, expected '{header}'"));
            }

            return rows;
        }

        /// <summary>As <see cref="Section"/>, and nothing behind it.</summary>
        public IReadOnlyList<(int Line, string[] Words)> LastSection(string word, string header, int least)
        {
            IReadOnlyList<(int Line, string[] Words)> rows = Section(word, header, least);
            int more = Array.FindIndex(_lines, _next, line => !string.IsNullOrWhiteSpace(line));
            return more < 0 ? rows : throw new InvalidInputException(
                $"{fileName}, line {more + 1}: found more than the {rows.Count} rows of {word}, expected the end of the file");
        }

        private string[] Next(string expected)
        {
            while (_next < _lines.Length)
            {
                string[] words = Words(_lines[_next++]);
                if (words.Length > 0)
                {
                    return words;
                }
            }

            throw new InvalidInputException($"{fileName}: the file ends, expected {expected}");
        }

        private InvalidInputException Error(string what) => new($"{fileName}, line {_next}: {what}");
    }
}

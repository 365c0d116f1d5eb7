namespace AkkaLb.Domain.Network;

/// <summary>
/// Reads the native text of SNDlib: sections NODES, LINKS and DEMANDS in brackets. A link is "id ( source target ) installed-capacity
/// installed-cost routing-cost setup-cost ( module-capacity module-cost … )", a demand "id ( source target ) routing-unit value most-hops".
/// </summary>
internal static class SndlibNativeReader
{
    private static readonly string[] Sections = ["META", "NODES", "LINKS", "DEMANDS"];

    public static bool Recognises(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("?SNDlib"))
        {
            return true;
        }

        // A word and a bracket: what else begins so is none of the other formats.
        using IEnumerator<Token> tokens = Tokens(text).GetEnumerator();
        return tokens.MoveNext() && Sections.Contains(tokens.Current.Text) && tokens.MoveNext() && tokens.Current.Text == "(";
    }

    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static GraphFile ReadGraph(string text, string fileName)
    {
        var parser = new Parser(text, fileName);
        parser.Parse();
        if (parser.Nodes.Count == 0)
        {
            throw new InvalidInputException($"{fileName}: expected a section NODES ( … ) with nodes, found none");
        }

        return new GraphFile("SNDlib native", false, parser.Nodes, parser.Edges, Sndlib.Unit) { Notes = Sndlib.Notes(parser.Modules) };
    }

    /// <returns>Null where the file has no demands.</returns>
    /// <exception cref="InvalidInputException">Malformed; the message names file, line and expectation.</exception>
    public static (IReadOnlyList<RawDemand> Demands, double Unit)? ReadDemands(string text, string fileName)
    {
        var parser = new Parser(text, fileName);
        parser.Parse();
        return parser.HasDemands ? (parser.Demands, parser.Unit) : null;
    }

    private readonly record struct Token(string Text, int Line);

    private static IEnumerable<Token> Tokens(string text)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string content = line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line;
            if (number == 1 && content.TrimStart().StartsWith('?'))
            {
                continue;
            }

            foreach (string word in content.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                yield return new Token(word, number);
            }
        }
    }

    private sealed class Parser(string text, string fileName)
    {
        private readonly Token[] _tokens = [.. Tokens(text)];
        private int _next;
        private int _modules;

        public List<GraphNode> Nodes { get; } = [];

        public List<GraphEdge> Edges { get; } = [];

        public List<RawDemand> Demands { get; } = [];

        public bool HasDemands { get; private set; }

        public int Modules => _modules;

        public double Unit { get; private set; } = Sndlib.Unit;

        public void Parse()
        {
            while (_next < _tokens.Length)
            {
                string section = Word("a section");
                Expect("(");
                switch (section)
                {
                    case "NODES":
                        Each(() =>
                        {
                            int line = _tokens[_next].Line;
                            string node = Word("a node");
                            Nodes.Add(new GraphNode(node, Place(), $"line {line}"));
                            Skip();
                        });
                        break;
                    case "LINKS":
                        Each(Link);
                        break;
                    case "DEMANDS":
                        HasDemands = true;
                        Each(Demand);
                        break;
                    case "META":
                        Meta();
                        break;
                    default:
                        _next--;
                        Skip();
                        break;
                }
            }
        }

        private void Link()
        {
            int line = _tokens[_next].Line;
            Word("the id of a link");
            (string from, string to) = Pair();
            string installed = Word("the installed capacity");
            Word("the cost of the installed capacity");
            string cost = Word("the routing cost");
            Word("the setup cost");
            Expect("(");
            string? first = Peek != ")" ? Word("a module's capacity") : null;
            while (Peek != ")")
            {
                Word("a module");
            }

            Expect(")");
            var values = new Dictionary<string, string>(StringComparer.Ordinal) { [GraphFile.Metric] = cost };
            if (Sndlib.Capacity(installed, first, ref _modules) is { } capacity)
            {
                values[GraphFile.Capacity] = capacity;
            }

            Edges.Add(new GraphEdge(from, to, values, $"line {line}"));
        }

        private void Demand()
        {
            int line = _tokens[_next].Line;
            Word("the id of a demand");
            (string from, string to) = Pair();
            string unit = Word("the routing unit"), value = Word("the demand's value"), place = $"line {line}";
            Word("the longest path");
            Demands.Add(new RawDemand(from, to, value, place, Sndlib.RoutingUnit(unit, fileName, place)));
        }

        private void Meta()
        {
            while (Peek != ")")
            {
                if (Word("a key") is "unit" && Peek == "=")
                {
                    _next++;
                    Unit = Sndlib.UnitOf(Word("a unit"), fileName);
                }
            }

            Expect(")");
        }

        /// <summary>What the brackets that open here say of a node's place: two numbers.</summary>
        private Dictionary<string, string> Place() => _tokens.AsSpan(_next, Math.Min(4, _tokens.Length - _next)) is
            [{ Text: "(" }, { Text: var x }, { Text: var y }, { Text: ")" }]
                ? new Dictionary<string, string>(StringComparer.Ordinal) { [NodePosition.Across] = x, [NodePosition.Up] = y }
                : [];

        private (string From, string To) Pair()
        {
            Expect("(");
            (string, string) pair = (Word("a node"), Word("a node"));
            Expect(")");
            return pair;
        }

        private void Each(Action entry)
        {
            while (Peek != ")")
            {
                _ = Peek ?? throw Ends(")");
                entry();
            }

            Expect(")");
        }

        /// <summary>What stands in brackets, if they open here.</summary>
        private void Skip()
        {
            if (Peek != "(")
            {
                return;
            }

            int depth = 0;
            do
            {
                string token = Peek ?? throw Ends(")");
                depth += token switch { "(" => 1, ")" => -1, _ => 0 };
                _next++;
            }
            while (depth > 0);
        }

        private string? Peek => _next < _tokens.Length ? _tokens[_next].Text : null;

        private string Word(string expected)
        {
            string text = Peek ?? throw Ends(expected);
            if (text is "(" or ")")
            {
                throw new InvalidInputException(
                    $"{fileName}, line {_tokens[_next].Line}: found {TextInput.Shown(text)}, expected {expected}");
            }

            _next++;
            return text;
        }

        private void Expect(string bracket)
        {
            string text = Peek ?? throw Ends(bracket);
            if (text != bracket)
            {
                throw new InvalidInputException(
                    $"{fileName}, line {_tokens[_next].Line}: found {TextInput.Shown(text)}, expected {bracket}");
            }

            _next++;
        }

        private InvalidInputException Ends(string expected) => new($"{fileName}: the file ends, expected {expected}");
    }
}

using System.Globalization;
using System.Net;

namespace AkkaLb.Domain.Network;

/// <summary>One value of a GML file: a list of entries, a string, or a number (kept as its text).</summary>
internal sealed record GmlValue(int Line, string? Text, bool Quoted, IReadOnlyList<GmlEntry>? Entries);

internal sealed record GmlEntry(string Key, int Line, GmlValue Value);

/// <summary>
/// The syntax of GML (Himsolt 1996): key/value pairs, nested lists in brackets, strings with HTML entities, # comments to the end
/// of a line.
/// </summary>
internal ref struct GmlParser(string text, string fileName)
{
    /// <summary>Lists inside each other; a reader that recurses without a limit ends the process on a file of brackets.</summary>
    private const int MaximumDepth = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly string _fileName = fileName;
    private int _position, _line = 1, _depth;

    public IReadOnlyList<GmlEntry> Parse()
    {
        SkipBlanks();
        if (_position < _text.Length && _text[_position] is '<' or '{' or '[')
        {
            throw Error(_line, $"found {(_text[_position] == '<' ? "XML" : "JSON")}, expected GML: graph [ … ]");
        }

        return ParseEntries(openedAt: 0);
    }

    private List<GmlEntry> ParseEntries(int openedAt)
    {
        var entries = new List<GmlEntry>();
        while (true)
        {
            SkipBlanks();
            if (_position == _text.Length)
            {
                return openedAt == 0 ? entries : throw Error(_line, $"the file ends inside the list opened at line {openedAt}, expected ]");
            }

            if (_text[_position] == ']')
            {
                _position++;
                return openedAt > 0 ? entries : throw Error(_line, "found ] without [");
            }

            int line = _line;
            if (!char.IsAsciiLetter(_text[_position]) && _text[_position] != '_')
            {
                throw Error(line, $"found '{_text[_position]}', expected a key");
            }

            string key = Word();
            SkipBlanks();
            entries.Add(new GmlEntry(key, line, ParseValue(key)));
        }
    }

    private GmlValue ParseValue(string key)
    {
        if (_position == _text.Length || _text[_position] == ']')
        {
            throw Error(_line, $"key {key} has no value");
        }

        int line = _line;
        switch (_text[_position])
        {
            case '[':
                _position++;
                if (++_depth > MaximumDepth)
                {
                    throw Error(line, $"expected at most {MaximumDepth} lists inside each other");
                }

                List<GmlEntry> entries = ParseEntries(line);
                _depth--;
                return new GmlValue(line, null, false, entries);
            case '"':
                return new GmlValue(line, QuotedString(), true, null);
            default:
                string word = Word();
                return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                    ? new GmlValue(line, word, false, null)
                    : throw Error(line, $"value {word} of key {key} is neither a number, a quoted string nor a list");
        }
    }

    private string QuotedString()
    {
        int opened = _line, start = ++_position;
        while (_position < _text.Length && _text[_position] != '"')
        {
            CountLine();
            _position++;
        }

        if (_position == _text.Length)
        {
            throw Error(opened, "the string opened here is never closed");
        }

        return WebUtility.HtmlDecode(_text[start.._position++].ToString());
    }

    private string Word()
    {
        int start = _position;
        while (_position < _text.Length && !char.IsWhiteSpace(_text[_position]) && _text[_position] is not ('[' or ']' or '"' or '#'))
        {
            _position++;
        }

        // A stray '#' or the like would otherwise give an empty word for ever.
        return _position > start ? _text[start.._position].ToString() : throw Error(_line, $"unexpected '{_text[start]}'");
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && (char.IsWhiteSpace(_text[_position]) || _text[_position] == '#'))
        {
            if (_text[_position] == '#')
            {
                while (_position < _text.Length && _text[_position] != '\n')
                {
                    _position++;
                }
            }
            else
            {
                CountLine();
                _position++;
            }
        }
    }

    private void CountLine()
    {
        if (_text[_position] == '\n')
        {
            _line++;
        }
    }

    private readonly InvalidInputException Error(int line, string what) => new($"{_fileName}, line {line}: {what}");
}

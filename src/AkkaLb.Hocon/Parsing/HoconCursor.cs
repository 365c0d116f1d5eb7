using System.Globalization;
using System.Text;

namespace AkkaLb.Hocon.Parsing;

/// <summary>
/// A place in HOCON text: looks at characters, skips blanks and comments, reads strings, and makes errors that say where.
/// </summary>
internal abstract class HoconCursor
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly List<int> _lineStarts = [0];

    protected HoconCursor(string text)
    {
        Text = text;
        for (int i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    protected string Text { get; }

    /// <summary>The offset of the character at hand.</summary>
    protected int At { get; set; }

    protected bool AtEnd => At >= Text.Length;

    /// <summary>The character at hand, NUL at the end.</summary>
    protected char Current => At < Text.Length ? Text[At] : '\0';

    protected Position Here => PositionOf(At);

    protected string Found => AtEnd ? "the end of the text" : Current == '\n' ? "the end of the line" : $"'{Current}'";

    protected Position PositionOf(int offset)
    {
        int line = _lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new Position(line + 1, offset - _lineStarts[line] + 1);
    }

    protected HoconException Error(string message) => Error(Here, message);

    protected static HoconException Error(Position position, string message) => new($"{position}: {message}");

    protected bool AtComment => Current == '#' || (Current == '/' && At + 1 < Text.Length && Text[At + 1] == '/');

    protected bool IsKeyCharacter() => Current != '.' && IsUnquoted();

    protected bool IsUnquoted() =>
        !AtEnd && !char.IsWhiteSpace(Current) && Current != '\uFEFF' && !AtComment
        && (!Reserved.Contains(Current) || (Current == '+' && !(At + 1 < Text.Length && Text[At + 1] == '=')));

    protected bool IsEndOfValue()
    {
        int start = At;
        SkipSpaces();
        bool end = AtEnd || AtComment || Current is '\n' or ',' or '}' or ']';
        At = start;
        return end;
    }

    protected bool TryTake(string word)
    {
        bool matches = string.CompareOrdinal(Text, At, word, 0, word.Length) == 0;
        At += matches ? word.Length : 0;
        return matches;
    }

    protected string ReadQuoted() => TryTake("\"\"\"") ? ReadTripleQuoted() : ReadSingleQuoted();

    private string ReadTripleQuoted()
    {
        int start = At;
        int end = Text.IndexOf("\"\"\"", At, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error(PositionOf(start - 3), "expected '\"\"\"' to close this string but found the end of the text");
        }
        // Of more than three closing quotes, the first ones are the string's own.
        while (end + 3 < Text.Length && Text[end + 3] == '"')
        {
            end++;
        }
        At = end + 3;
        return Text[start..end];
    }

    private string ReadSingleQuoted()
    {
        Position open = Here;
        StringBuilder value = new();
        for (At++; Current != '"'; At++)
        {
            if (AtEnd || Current == '\n')
            {
                throw Error(open, $"expected '\"' to close this string but found {Found}");
            }
            value.Append(Current == '\\' ? ReadEscape() : Current);
        }
        At++;
        string text = value.ToString();
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw Error(open, "expected Unicode text in this string but found half of a surrogate pair");
            }
        }
        return text;
    }

    private char ReadEscape()
    {
        At++;
        switch (Current)
        {
            case '"' or '\\' or '/': return Current;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when At + 4 < Text.Length
                && ushort.TryParse(Text.AsSpan(At + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                At += 4;
                return (char)code;
            default:
                throw Error(PositionOf(At - 1), "expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
    }

    protected static bool IsSpace(char c) => (char.IsWhiteSpace(c) && c != '\n') || c == '\uFEFF';

    protected void SkipSpaces()
    {
        while (IsSpace(Current))
        {
            At++;
        }
    }

    protected void SkipBlanks()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                At++;
            }
            else if (AtComment)
            {
                int newline = Text.IndexOf('\n', At);
                At = newline < 0 ? Text.Length : newline;
            }
            else
            {
                return;
            }
        }
    }
}

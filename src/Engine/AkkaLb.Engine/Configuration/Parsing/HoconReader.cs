using System.Globalization;
using System.Text;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace AkkaLb.Engine.Configuration;

/// <summary>Recursive-descent reader of HOCON text (github.com/lightbend/config, HOCON.md) into <see cref="Syntax"/>.</summary>
internal sealed class HoconReader
{
    private const int MaximumDepth = 250;
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";
    private static readonly string[] Locations = ["file", "url", "classpath"];

    private readonly string text;
    private readonly Func<string, HoconRoot?>? include;
    private readonly List<int> lineStarts = [0];
    private int at;
    private int depth;

    private HoconReader(string text, Func<string, HoconRoot?>? include)
    {
        this.text = text;
        this.include = include;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>Reads a document: an object with or without its braces; blank text is an empty object.</summary>
    public static ObjectSyntax Read(string text, Func<string, HoconRoot?>? include = null)
    {
        HoconReader reader = new(text, include);
        reader.SkipBlanks();
        ObjectSyntax root = new(reader.Here);
        if (reader.Current == '{')
        {
            reader.ReadObject(root, []);
            reader.SkipBlanks();
            return reader.AtEnd ? root : throw reader.Error($"expected the end of the text but found {reader.Found}");
        }
        reader.ReadFields(root, []);
        return reader.AtEnd ? root : throw reader.Error($"expected a key or the end of the text but found {reader.Found}");
    }

    private bool AtEnd => at >= text.Length;

    /// <summary>The character at hand, NUL at the end.</summary>
    private char Current => at < text.Length ? text[at] : '\0';

    private Position Here => PositionOf(at);

    private string Found => AtEnd ? "the end of the text" : Current == '\n' ? "the end of the line" : $"'{Current}'";

    private Position PositionOf(int offset)
    {
        int line = lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new Position(line + 1, offset - lineStarts[line] + 1);
    }

    private ConfigurationException Error(string message) => Error(Here, message);

    private static ConfigurationException Error(Position position, string message) => new($"{position}: {message}");

    private void ReadObject(ObjectSyntax target, string[] path)
    {
        Position open = Enter();
        ReadFields(target, path);
        Leave('}', "object", open);
    }

    private Position Enter()
    {
        Position open = Here;
        if (++depth > MaximumDepth)
        {
            throw Error($"expected at most {MaximumDepth} nested objects and arrays");
        }
        at++;
        return open;
    }

    private void Leave(char close, string what, Position open)
    {
        if (Current != close)
        {
            throw Error($"expected '{close}' to close the {what} opened at {open} but found {Found}");
        }
        at++;
        depth--;
    }

    private void ReadFields(ObjectSyntax target, string[] path)
    {
        for (SkipBlanks(); !AtEnd && Current is not ('}' or ']'); SkipSeparator("a field"))
        {
            if (!TryReadInclude(target, path))
            {
                ReadField(target, path);
            }
        }
    }

    private void ReadField(ObjectSyntax target, string[] path)
    {
        string[] key = ReadPath("a key");
        string[] full = [.. path, .. key];
        SkipBlanks();
        int separator = at;
        Syntax value;
        if (Current == '{')
        {
            value = ReadValue(full, separator);
        }
        else if (Current is ':' or '=')
        {
            at++;
            value = ReadValue(full, separator);
        }
        else if (Current == '+' && at + 1 < text.Length && text[at + 1] == '=')
        {
            at += 2;
            SubstitutionSyntax before = new(full, isOptional: true, [], PositionOf(separator));
            ArraySyntax item = new([ReadValue(full, separator)], PositionOf(separator));
            value = new ConcatenationSyntax([before, item], PositionOf(separator));
        }
        else
        {
            throw Error($"expected '=', ':', '+=' or '{{' after key '{ConfigPath.Join(key)}' but found {Found}");
        }
        for (int i = key.Length - 1; i > 0; i--)
        {
            ObjectSyntax parent = new(value.Position);
            parent.Add(key[i], value);
            value = parent;
        }
        target.Add(key[0], value);
    }

    private string[] ReadPath(string what)
    {
        List<string> segments = [];
        StringBuilder segment = new();
        bool any = false;
        while (true)
        {
            int start = at;
            if (Current == '"')
            {
                segment.Append(ReadQuoted());
                any = true;
            }
            else if (Current == '.')
            {
                Finish();
                at++;
            }
            else if (IsKeyCharacter())
            {
                while (IsKeyCharacter())
                {
                    at++;
                }
                segment.Append(text, start, at - start);
                any = true;
            }
            else if (IsSpace(Current))
            {
                SkipSpaces();
                // Blanks belong to a key only between two of its words: `a b = 1`.
                if (any && (Current == '"' || IsKeyCharacter()))
                {
                    segment.Append(text, start, at - start);
                }
            }
            else
            {
                Finish();
                return [.. segments];
            }
        }

        void Finish()
        {
            if (!any)
            {
                throw Error($"expected {(segments.Count == 0 ? what : "a key after '.'")} but found {Found}");
            }
            segments.Add(segment.ToString());
            segment.Clear();
            any = false;
        }
    }

    private bool IsKeyCharacter() => Current != '.' && IsUnquoted();

    private bool IsUnquoted() =>
        !AtEnd && !char.IsWhiteSpace(Current) && Current != '\uFEFF' && !AtComment
        && (!Reserved.Contains(Current) || (Current == '+' && !(at + 1 < text.Length && text[at + 1] == '=')));

    private Syntax ReadValue(string[] path, int separator)
    {
        int before = at;
        SkipBlanks();
        Position start = Here;
        List<Syntax> parts = [];
        while (true)
        {
            int blanks = at;
            SkipSpaces();
            if (AtEnd || AtComment || Current is '\n' or ',' or '}' or ']')
            {
                break;
            }
            if (parts.Count > 0 && at > blanks)
            {
                parts.Add(new LiteralSyntax(text[blanks..at], isSpace: true, PositionOf(blanks)));
            }
            parts.Add(ReadPart(path, separator, parts.Count, start));
        }
        return parts.Count switch
        {
            0 => throw Error(PositionOf(before), path.Length == 0 ? $"expected a value but found {Found}" : $"expected a value for key '{ConfigPath.Join(path)}' but found {Found}"),
            1 => parts[0],
            _ => new ConcatenationSyntax(parts, start),
        };
    }

    private Syntax ReadPart(string[] path, int separator, int index, Position start)
    {
        Position position = Here;
        switch (Current)
        {
            case '{':
                ObjectSyntax target = new(position);
                ReadObject(target, path);
                return target;
            case '[':
                return ReadArray(path);
            case '"':
                return new LiteralSyntax(ReadQuoted(), isSpace: false, position);
            case '$' when at + 1 < text.Length && text[at + 1] == '{':
                return ReadSubstitution();
        }
        int from = at;
        while (IsUnquoted())
        {
            at++;
        }
        if (at > from)
        {
            string word = text[from..at];
            bool alone = index == 0 && IsEndOfValue();
            return new LiteralSyntax(word == "null" && alone ? null : word, isSpace: false, position);
        }
        // `a =` without a value swallows the next line's key and stumbles over its separator.
        if (Current is '=' or ':' && start.Line > PositionOf(separator).Line)
        {
            throw Error(PositionOf(separator), $"expected a value for key '{ConfigPath.Join(path)}' on the same line");
        }
        throw Error($"expected ',', '}}' or the end of the line but found {Found}; a string that contains it needs quotes");
    }

    private bool IsEndOfValue()
    {
        int start = at;
        SkipSpaces();
        bool end = AtEnd || AtComment || Current is '\n' or ',' or '}' or ']';
        at = start;
        return end;
    }

    private ArraySyntax ReadArray(string[] path)
    {
        List<Syntax> items = [];
        Position open = Enter();
        for (SkipBlanks(); !AtEnd && Current is not (']' or '}'); SkipSeparator("an item"))
        {
            items.Add(ReadValue(path, at));
        }
        Leave(']', "array", open);
        return new ArraySyntax(items, open);
    }

    private SubstitutionSyntax ReadSubstitution()
    {
        Position open = Here;
        at += 2;
        bool optional = Current == '?';
        at += optional ? 1 : 0;
        string[] path = ReadPath("a path in the substitution");
        if (Current != '}')
        {
            throw Error($"expected '}}' to close the substitution opened at {open} but found {Found}");
        }
        at++;
        return new SubstitutionSyntax(path, optional, [], open);
    }

    private bool TryReadInclude(ObjectSyntax target, string[] path)
    {
        int start = at;
        if (!TryTake("include") || (!IsSpace(Current) && Current != '"'))
        {
            at = start;
            return false;
        }
        SkipSpaces();
        bool required = TryOpen("required");
        bool located = Locations.Any(TryOpen);
        if (Current != '"')
        {
            if (required || located)
            {
                throw Error($"expected a quoted name to include but found {Found}");
            }
            at = start;
            return false;
        }
        string name = ReadQuoted();
        Close(located);
        Close(required);
        Include(name, required, target, path, PositionOf(start));
        return true;
    }

    private bool TryTake(string word)
    {
        bool matches = string.CompareOrdinal(text, at, word, 0, word.Length) == 0;
        at += matches ? word.Length : 0;
        return matches;
    }

    private bool TryOpen(string word)
    {
        bool opened = TryTake(word + "(");
        SkipSpaces();
        return opened;
    }

    private void Close(bool opened)
    {
        if (!opened)
        {
            return;
        }
        SkipSpaces();
        if (Current != ')')
        {
            throw Error($"expected ')' to close the include but found {Found}");
        }
        at++;
    }

    private void Include(string name, bool required, ObjectSyntax target, string[] path, Position position)
    {
        if (include is null)
        {
            throw Error(position, $"cannot include {HoconWriter.Quote(name)}: this text is not read from a file and no include callback is given");
        }
        HoconRoot? included;
        try
        {
            included = include(name);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException($"{position}: included {HoconWriter.Quote(name)}: {e.Message}", e);
        }
        if (included is not null)
        {
            target.Merge((ObjectSyntax)included.Syntax.Relocate(path, name));
        }
        else if (required)
        {
            throw Error(position, $"required include {HoconWriter.Quote(name)} not found");
        }
    }

    private string ReadQuoted() => TryTake("\"\"\"") ? ReadTripleQuoted() : ReadSingleQuoted();

    private string ReadTripleQuoted()
    {
        int start = at;
        int end = text.IndexOf("\"\"\"", at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error(PositionOf(start - 3), "expected '\"\"\"' to close this string but found the end of the text");
        }
        // Of more than three closing quotes, the first ones are the string's own.
        while (end + 3 < text.Length && text[end + 3] == '"')
        {
            end++;
        }
        at = end + 3;
        return text[start..end];
    }

    private string ReadSingleQuoted()
    {
        Position open = Here;
        StringBuilder value = new();
        for (at++; Current != '"'; at++)
        {
            if (AtEnd || Current == '\n')
            {
                throw Error(open, $"expected '\"' to close this string but found {Found}");
            }
            value.Append(Current == '\\' ? ReadEscape() : Current);
        }
        at++;
        return value.ToString();
    }

    private char ReadEscape()
    {
        at++;
        switch (Current)
        {
            case '"' or '\\' or '/': return Current;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                at += 4;
                return (char)code;
            default:
                throw Error(PositionOf(at - 1), "expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
    }

    /// <summary>Between fields or items: one comma, or newlines, or both; a trailing comma is allowed.</summary>
    private void SkipSeparator(string what)
    {
        int start = at;
        SkipBlanks();
        if (Current == ',')
        {
            at++;
            SkipBlanks();
            if (Current == ',')
            {
                throw Error($"expected {what} after ',' but found ','");
            }
        }
        else if (!AtEnd && Current is not ('}' or ']') && text.IndexOf('\n', start, at - start) < 0)
        {
            throw Error($"expected ',' or the end of the line but found {Found}");
        }
    }

    private bool AtComment => Current == '#' || (Current == '/' && at + 1 < text.Length && text[at + 1] == '/');

    private static bool IsSpace(char c) => (char.IsWhiteSpace(c) && c != '\n') || c == '\uFEFF';

    private void SkipSpaces()
    {
        while (IsSpace(Current))
        {
            at++;
        }
    }

    private void SkipBlanks()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                at++;
            }
            else if (AtComment)
            {
                int newline = text.IndexOf('\n', at);
                at = newline < 0 ? text.Length : newline;
            }
            else
            {
                return;
            }
        }
    }
}

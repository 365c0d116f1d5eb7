using System.Text;

namespace AkkaLb.Hocon.Parsing;

/// <summary>Recursive-descent reader of HOCON text (github.com/lightbend/config, HOCON.md) into <see cref="Syntax"/>.</summary>
internal sealed class HoconReader : HoconCursor
{
    private const int MaximumDepth = 250;
    private static readonly string[] Locations = ["file", "url", "classpath"];

    private readonly Func<string, HoconRoot?>? _include;
    private int _depth;

    private HoconReader(string text, Func<string, HoconRoot?>? include)
        : base(text) => _include = include;

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

    private void ReadObject(ObjectSyntax target, string[] path)
    {
        Position open = Enter();
        ReadFields(target, path);
        Leave('}', "object", open);
    }

    private Position Enter()
    {
        Position open = Here;
        if (++_depth > MaximumDepth)
        {
            throw Error($"expected at most {MaximumDepth} nested objects and arrays");
        }
        At++;
        return open;
    }

    private void Leave(char close, string what, Position open)
    {
        if (Current != close)
        {
            throw Error($"expected '{close}' to close the {what} opened at {open} but found {Found}");
        }
        At++;
        _depth--;
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
        int start = At;
        string[] key = ReadPath("a key");
        string[] full = [.. path, .. key];
        if (full.Length > MaximumDepth)
        {
            throw Error(PositionOf(start), $"expected at most {MaximumDepth} keys inside each other");
        }
        SkipBlanks();
        int separator = At;
        Syntax value;
        if (Current == '{')
        {
            value = ReadValue(full, separator);
        }
        else if (Current is ':' or '=')
        {
            At++;
            value = ReadValue(full, separator);
        }
        else if (Current == '+' && At + 1 < Text.Length && Text[At + 1] == '=')
        {
            At += 2;
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
            int start = At;
            if (Current == '"')
            {
                segment.Append(ReadQuoted());
                any = true;
            }
            else if (Current == '.')
            {
                Finish();
                At++;
            }
            else if (IsKeyCharacter())
            {
                while (IsKeyCharacter())
                {
                    At++;
                }
                segment.Append(Text, start, At - start);
                any = true;
            }
            else if (IsSpace(Current))
            {
                SkipSpaces();
                // Blanks belong to a key only between two of its words: `a b = 1`.
                if (any && (Current == '"' || IsKeyCharacter()))
                {
                    segment.Append(Text, start, At - start);
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

    private Syntax ReadValue(string[] path, int separator)
    {
        int before = At;
        SkipBlanks();
        Position start = Here;
        List<Syntax> parts = [];
        while (true)
        {
            int blanks = At;
            SkipSpaces();
            if (AtEnd || AtComment || Current is '\n' or ',' or '}' or ']')
            {
                break;
            }
            if (parts.Count > 0 && At > blanks)
            {
                parts.Add(new LiteralSyntax(Text[blanks..At], isSpace: true, PositionOf(blanks)));
            }
            parts.Add(ReadPart(path, separator, parts.Count, start));
        }
        return parts.Count switch
        {
            0 => throw Error(PositionOf(before), path.Length == 0
                ? $"expected a value but found {Found}"
                : $"expected a value for key '{ConfigPath.Join(path)}' but found {Found}"),
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
            case '$' when At + 1 < Text.Length && Text[At + 1] == '{':
                return ReadSubstitution();
        }
        int from = At;
        while (IsUnquoted())
        {
            At++;
        }
        if (At > from)
        {
            string word = Text[from..At];
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

    private ArraySyntax ReadArray(string[] path)
    {
        List<Syntax> items = [];
        Position open = Enter();
        for (SkipBlanks(); !AtEnd && Current is not (']' or '}'); SkipSeparator("an item"))
        {
            items.Add(ReadValue(path, At));
        }
        Leave(']', "array", open);
        return new ArraySyntax(items, open);
    }

    private SubstitutionSyntax ReadSubstitution()
    {
        Position open = Here;
        At += 2;
        bool optional = Current == '?';
        At += optional ? 1 : 0;
        string[] path = ReadPath("a path in the substitution");
        if (Current != '}')
        {
            throw Error($"expected '}}' to close the substitution opened at {open} but found {Found}");
        }
        At++;
        return new SubstitutionSyntax(path, optional, [], open);
    }

    private bool TryReadInclude(ObjectSyntax target, string[] path)
    {
        int start = At;
        if (!TryTake("include") || (!IsSpace(Current) && Current != '"'))
        {
            At = start;
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
            At = start;
            return false;
        }
        string name = ReadQuoted();
        Close(located);
        Close(required);
        Include(name, required, target, path, PositionOf(start));
        return true;
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
        At++;
    }

    private void Include(string name, bool required, ObjectSyntax target, string[] path, Position position)
    {
        if (_include is null)
        {
            throw Error(
                position, $"cannot include {HoconWriter.Quote(name)}: this text is not read from a file and no include callback is given");
        }
        HoconRoot? included;
        try
        {
            included = _include(name);
        }
        catch (HoconException e)
        {
            throw new HoconException($"{position}: included {HoconWriter.Quote(name)}: {e.Message}", e);
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

    /// <summary>Between fields or items: one comma, or newlines, or both; a trailing comma is allowed.</summary>
    private void SkipSeparator(string what)
    {
        int start = At;
        SkipBlanks();
        if (Current == ',')
        {
            At++;
            SkipBlanks();
            if (Current == ',')
            {
                throw Error($"expected {what} after ',' but found ','");
            }
        }
        else if (!AtEnd && Current is not ('}' or ']') && Text.IndexOf('\n', start, At - start) < 0)
        {
            throw Error($"expected ',' or the end of the line but found {Found}");
        }
    }
}


namespace AkkaLb.Hocon.Parsing;

/// <summary>Where something stands in a text; line and column count from 1, <c>Source</c> is the name it was included by.</summary>
internal readonly record struct Position(int Line, int Column, string? Source = null)
{
    public override string ToString() =>
        Source is null ? $"line {Line}, column {Column}" : $"{Source}: line {Line}, column {Column}";
}

/// <summary>A parsed but unresolved piece of HOCON.</summary>
internal abstract class Syntax(Position position)
{
    public Position Position { get; } = position;

    /// <summary>A copy that stands at <paramref name="prefix"/> of another document, included from <paramref name="source"/>.</summary>
    public abstract Syntax Relocate(string[] prefix, string source);

    protected Position Within(string source) => Position.Source is null ? Position with { Source = source } : Position;
}

/// <summary>Text; null for HOCON's <c>null</c>. <c>IsSpace</c> marks the blanks between the parts of a concatenation.</summary>
internal sealed class LiteralSyntax(string? text, bool isSpace, Position position) : Syntax(position)
{
    public string? Text { get; } = text;

    public bool IsSpace { get; } = isSpace;

    public override Syntax Relocate(string[] prefix, string source) => new LiteralSyntax(Text, IsSpace, Within(source));
}

internal sealed class ArraySyntax(List<Syntax> items, Position position) : Syntax(position)
{
    public List<Syntax> Items { get; } = items;

    public override Syntax Relocate(string[] prefix, string source) =>
        new ArraySyntax(Items.ConvertAll(item => item.Relocate(prefix, source)), Within(source));
}

internal sealed class ConcatenationSyntax(List<Syntax> parts, Position position) : Syntax(position)
{
    public List<Syntax> Parts { get; } = parts;

    public override Syntax Relocate(string[] prefix, string source) =>
        new ConcatenationSyntax(Parts.ConvertAll(part => part.Relocate(prefix, source)), Within(source));
}

/// <summary><c>${path}</c> or <c>${?path}</c>; <c>Prefix</c> is where the file that wrote it was included.</summary>
internal sealed class SubstitutionSyntax(string[] path, bool isOptional, string[] prefix, Position position) : Syntax(position)
{
    public string[] Path { get; } = path;

    public bool IsOptional { get; } = isOptional;

    public string[] Prefix { get; } = prefix;

    public override Syntax Relocate(string[] prefix, string source) =>
        new SubstitutionSyntax(Path, IsOptional, [.. prefix, .. Prefix], Within(source));
}

/// <summary>All values that a document assigns to one key of one object, oldest first.</summary>
internal sealed class FieldSyntax
{
    public List<Syntax> Values { get; } = [];
}

internal sealed class ObjectSyntax(Position position) : Syntax(position)
{
    public Dictionary<string, FieldSyntax> Fields { get; } = [];

    public void Add(string key, Syntax value)
    {
        if (!Fields.TryGetValue(key, out FieldSyntax? field))
        {
            Fields.Add(key, field = new FieldSyntax());
        }
        if (value is ObjectSyntax newer && field.Values.Count > 0 && field.Values[^1] is ObjectSyntax older)
        {
            older.Merge(newer);
        }
        else
        {
            field.Values.Add(value);
        }
    }

    /// <summary>Assigns all fields of <paramref name="newer"/>, which must not be used afterwards.</summary>
    public void Merge(ObjectSyntax newer)
    {
        foreach ((string key, FieldSyntax field) in newer.Fields)
        {
            field.Values.ForEach(value => Add(key, value));
        }
    }

    public override Syntax Relocate(string[] prefix, string source)
    {
        ObjectSyntax copy = new(Within(source));
        foreach ((string key, FieldSyntax field) in Fields)
        {
            field.Values.ForEach(value => copy.Add(key, value.Relocate(prefix, source)));
        }
        return copy;
    }
}

/// <summary>A value that was resolved elsewhere.</summary>
internal sealed class ResolvedSyntax(HoconValue value) : Syntax(value.Position)
{
    public HoconValue Value { get; } = value;

    public override Syntax Relocate(string[] prefix, string source) => this;
}

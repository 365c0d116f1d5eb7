
namespace AkkaLb.Hocon.Parsing;

/// <summary>
/// Replaces the substitutions of one document. A path is looked up in the whole document, then outside (fallbacks),
/// then in the environment. While a value of a field is being resolved, the field means its older values,
/// which gives <c>path = ${path}":/bin"</c> its meaning and ends every cycle.
/// </summary>
/// <param name="root">The document.</param>
/// <param name="outside">What other documents define at a path, or null.</param>
internal sealed class Resolver(ObjectSyntax root, Func<string[], HoconValue?> outside)
{
    /// <summary>The index of the value at work, for each field that is being resolved.</summary>
    private readonly Dictionary<FieldSyntax, int> _atWork = [];
    private bool _cyclic;

    /// <summary>One assigned value: a field's, or one that is already resolved (without field).</summary>
    private readonly record struct Entry(Syntax Node, FieldSyntax? Field = null, int Index = 0);

    public HoconValue Resolve() => ResolveObject(root);

    private HoconValue ResolveObject(ObjectSyntax syntax)
    {
        HoconObject result = new();
        foreach ((string key, FieldSyntax field) in syntax.Fields)
        {
            if (Fold(Entries(field)) is { } value)
            {
                result.Items[key] = value;
            }
        }
        return new HoconValue(result, syntax.Position);
    }

    private static List<Entry> Entries(FieldSyntax field) => [.. field.Values.Select((node, i) => new Entry(node, field, i))];

    /// <summary>The value of a key from its assignments, oldest first; null when it has none.</summary>
    private HoconValue? Fold(List<Entry> entries)
    {
        HoconValue? result = null;
        for (int i = entries.Count - 1; i >= 0 && result is not { HidesOlder: true }; i--)
        {
            if (IsAtWork(entries[i]))
            {
                _cyclic = true;
            }
            else if (Resolve(entries[i]) is { } older)
            {
                result = result is null ? older : result.Over(older);
            }
        }
        return result;
    }

    private bool IsAtWork(Entry entry) =>
        entry.Field is not null && _atWork.TryGetValue(entry.Field, out int index) && entry.Index >= index;

    private HoconValue? Resolve(Entry entry)
    {
        if (entry.Field is null)
        {
            return Resolve(entry.Node);
        }
        bool nested = _atWork.TryGetValue(entry.Field, out int outer);
        _atWork[entry.Field] = entry.Index;
        HoconValue? result = Resolve(entry.Node);
        if (nested)
        {
            _atWork[entry.Field] = outer;
        }
        else
        {
            _atWork.Remove(entry.Field);
        }
        return result;
    }

    private HoconValue? Resolve(Syntax syntax) => syntax switch
    {
        LiteralSyntax literal => new HoconValue(literal.Text, literal.Position),
        ObjectSyntax o => ResolveObject(o),
        ArraySyntax array => ResolveArray(array),
        SubstitutionSyntax substitution => ResolveSubstitution(substitution),
        ConcatenationSyntax concatenation => ResolveConcatenation(concatenation),
        ResolvedSyntax resolved => resolved.Value,
        _ => throw new InvalidOperationException($"unknown syntax {syntax.GetType()}"),
    };

    private HoconValue ResolveArray(ArraySyntax array)
    {
        List<HoconValue> result = [.. array.Items.Select(Resolve).OfType<HoconValue>()];
        return new HoconValue(result, array.Position);
    }

    private HoconValue? ResolveSubstitution(SubstitutionSyntax substitution)
    {
        bool wasCyclic = _cyclic;
        _cyclic = false;
        HoconValue? result = null;
        // An included file's paths are relative to where it is included, or else absolute.
        for (int kept = substitution.Prefix.Length; kept >= 0 && result is null; kept--)
        {
            result = Lookup([.. substitution.Prefix.Take(kept), .. substitution.Path]);
        }
        result ??= outside(substitution.Path) ?? FromEnvironment(substitution);
        if (result is null && !substitution.IsOptional)
        {
            string path = ConfigPath.Join(substitution.Path);
            throw new HoconException($"{substitution.Position}: " + (_cyclic
                ? $"substitution ${{{path}}} is part of a cycle"
                : $"substitution ${{{path}}} is not defined; expected a key '{path}', an environment variable, or ${{?{path}}}"));
        }
        _cyclic = wasCyclic;
        // What is wrong with it is to be mended where it was put to use.
        return result?.At(substitution.Position);
    }

    private static HoconValue? FromEnvironment(SubstitutionSyntax substitution)
    {
        string? value = Environment.GetEnvironmentVariable(string.Join('.', substitution.Path));
        return value is null ? null : new HoconValue(value, substitution.Position);
    }

    private HoconValue? Lookup(string[] path)
    {
        List<Entry> entries = [new(root)];
        foreach (string key in path)
        {
            List<Entry> children = [];
            Descend(entries, key, children);
            children.Reverse();
            entries = children;
        }
        return entries.Count == 0 ? null : Fold(entries);
    }

    /// <summary>
    /// Collects what is assigned to <paramref name="key"/> below <paramref name="entries"/>, newest first. Objects are
    /// looked into without resolving them, so that <c>a { b = 1, c = ${a.b} }</c> is no cycle. False when older ones are hidden.
    /// </summary>
    private bool Descend(List<Entry> entries, string key, List<Entry> children)
    {
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            Entry entry = entries[i];
            if (entry.Node is ObjectSyntax o)
            {
                if (o.Fields.TryGetValue(key, out FieldSyntax? field))
                {
                    children.AddRange(Entries(field).AsEnumerable().Reverse());
                }
            }
            else if (entry.Node is ConcatenationSyntax c && c.Parts.Exists(part => part is ObjectSyntax))
            {
                List<Entry> parts = [.. c.Parts.Where(part => part is not LiteralSyntax).Select(part => entry with { Node = part })];
                if (!Descend(parts, key, children))
                {
                    return false;
                }
            }
            else if (IsAtWork(entry))
            {
                _cyclic = true;
            }
            else if (Resolve(entry) is { } value)
            {
                if (value.IsObject() && value.GetObject().Items.TryGetValue(key, out HoconValue? child))
                {
                    children.Add(new Entry(new ResolvedSyntax(child)));
                }
                if (value.HidesOlder)
                {
                    return false;
                }
            }
        }
        return true;
    }

    private HoconValue? ResolveConcatenation(ConcatenationSyntax concatenation)
    {
        List<(Syntax Part, HoconValue Value)> parts =
            [.. concatenation.Parts.Select(part => (part, Value: Resolve(part)!)).Where(part => part.Value is not null)];
        List<(Syntax Part, HoconValue Value)> words = parts.FindAll(part => part.Part is not LiteralSyntax { IsSpace: true });
        if (words.Count == 0)
        {
            return null;
        }
        Position position = concatenation.Position;
        if (words.TrueForAll(word => word.Value.IsObject()))
        {
            return words.Select(word => word.Value).Aggregate((older, newer) => newer.Over(older)).At(position);
        }
        if (words.TrueForAll(word => word.Value.IsArray()))
        {
            List<HoconValue> all = [.. words.SelectMany(word => word.Value.GetArray())];
            return new HoconValue(all, position);
        }
        if (words.Find(word => !word.Value.IsString()) is { Value: not null } odd)
        {
            throw new HoconException($"{odd.Part.Position}: cannot join {odd.Value.Describe()} with "
                + $"{words.Find(word => !word.Value.IsLike(odd.Value)).Value.Describe()}");
        }
        string text = string.Concat(parts.Select(part => part.Value.Text ?? "null"));
        return new HoconValue(text, position);
    }
}

using AkkaLb.Hocon.Parsing;

namespace AkkaLb.Hocon;

/// <summary>A resolved value of a configuration: text, an array or an object.</summary>
/// <remarks>Getters throw <see cref="HoconException"/> with one line that names the value and what was expected.</remarks>
public sealed class HoconValue
{
    // A string (null for HOCON's null), a list of values, or an object.
    private readonly object? _element;

    internal HoconValue(string? text, Position position) => (_element, Position) = (text, position);

    internal HoconValue(IReadOnlyList<HoconValue> items, Position position) => (_element, Position) = (items, position);

    internal HoconValue(HoconObject fields, Position position) => (_element, Position) = (fields, position);

    private HoconValue(object? element, Position position) => (_element, Position) = (element, position);

    internal Position Position { get; }

    /// <summary>The name that this value's document was included or parsed by; null where it has none.</summary>
    public string? Source => Position.Source;

    /// <summary>The text of a literal; null for HOCON's null, for arrays and objects.</summary>
    internal string? Text => _element as string;

    internal bool IsNull => _element is null;

    /// <summary>Whether older values of the same key have no effect.</summary>
    internal bool HidesOlder => _element is not HoconObject { HidesOlder: false };

    /// <summary>Whether this is text (numbers, durations and null included).</summary>
    public bool IsString() => _element is null or string;

    /// <summary>Whether this is an array.</summary>
    public bool IsArray() => _element is IReadOnlyList<HoconValue>;

    /// <summary>Whether this is an object.</summary>
    public bool IsObject() => _element is HoconObject;

    /// <summary>The text; null for HOCON's null.</summary>
    public string? GetString() => IsNull ? null : Read(HoconScalars.String);

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<HoconValue> GetArray() => Items(null);

    /// <summary>The object.</summary>
    public HoconObject GetObject() => _element as HoconObject ?? throw Unexpected(null, "an object");

    /// <summary>The value of one key of an object; null when there is none or this is no object.</summary>
    public HoconValue? GetChildObject(string key) => (_element as HoconObject)?.GetKey(key);

    /// <summary>The value as HOCON text.</summary>
    public override string ToString() => HoconWriter.Write(this);

    internal HoconValue At(Position position) => new(_element, position);

    /// <summary>This object merged over an older value; an older value that is no object hides all that is older still.</summary>
    internal HoconValue Over(HoconValue older) => new(
        GetObject().Over(older._element as HoconObject ?? new HoconObject { HidesOlder = true }), Position);

    internal T Read<T>(HoconScalar<T> scalar, string? path = null) =>
        Text is { } text && scalar.TryRead(text, out T result) ? result : throw Unexpected(path, scalar.Expected);

    internal List<T> ReadList<T>(HoconScalar<T> scalar, string? path = null)
    {
        List<T> result = [];
        foreach (HoconValue item in Items(path))
        {
            result.Add(item.Read(scalar, $"{path}[{result.Count}]"));
        }
        return result;
    }

    internal string Describe() => _element switch
    {
        HoconObject => "an object",
        IReadOnlyList<HoconValue> => "an array",
        string text => HoconWriter.Quote(text.Length <= 60 ? text : text[..60] + "…"),
        _ => "null",
    };

    /// <summary>Whether both are text, both arrays or both objects.</summary>
    internal bool IsLike(HoconValue other) => (IsObject(), IsArray()) == (other.IsObject(), other.IsArray());

    internal HoconException Unexpected(string? path, string expected) =>
        new($"{(Position.Line > 0 ? $"{Position}: " : "")}{(path is null ? "value" : $"'{path}'")} is {Describe()}; expected {expected}");

    private IReadOnlyList<HoconValue> Items(string? path) => _element as IReadOnlyList<HoconValue> ?? throw Unexpected(path, "an array");
}

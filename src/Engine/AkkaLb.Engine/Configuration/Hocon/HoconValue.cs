using AkkaLb.Engine.Configuration;

namespace Akka.Configuration.Hocon;

/// <summary>A resolved value of a configuration: text, an array or an object.</summary>
/// <remarks>Getters throw <see cref="ConfigurationException"/> with one line that names the value and what was expected.</remarks>
public sealed class HoconValue
{
    private readonly IHoconElement element;

    /// <summary>An empty object.</summary>
    public HoconValue()
        : this(new HoconObject(), default)
    {
    }

    internal HoconValue(IHoconElement element, Position position)
    {
        this.element = element;
        Position = position;
    }

    internal Position Position { get; }

    internal HoconKind Kind => element switch
    {
        HoconObject => HoconKind.Object,
        HoconArray => HoconKind.Array,
        _ => HoconKind.Literal,
    };

    /// <summary>The text of a literal; null for HOCON's null, for arrays and objects.</summary>
    internal string? Text => (element as HoconLiteral)?.Value;

    internal bool IsNull => element is HoconLiteral { Value: null };

    /// <summary>Whether older values of the same key have no effect.</summary>
    internal bool HidesOlder => element is not HoconObject { HidesOlder: false };

    /// <summary>Whether this is an object without keys.</summary>
    public bool IsEmpty => element is HoconObject { Items.Count: 0 };

    /// <summary>Whether this is text (numbers, durations and null included).</summary>
    public bool IsString() => element.IsString();

    /// <summary>Whether this is an array.</summary>
    public bool IsArray() => element.IsArray();

    /// <summary>Whether this is an object.</summary>
    public bool IsObject() => element is HoconObject;

    /// <summary>The text; null for HOCON's null.</summary>
    public string? GetString() => IsNull ? null : Read(HoconScalars.String);

    /// <summary>true, yes, on; false, no, off.</summary>
    public bool GetBoolean() => Read(HoconScalars.Boolean);

    /// <summary>The number.</summary>
    public byte GetByte() => Read(HoconScalars.Byte);

    /// <summary>The number.</summary>
    public int GetInt() => Read(HoconScalars.Int);

    /// <summary>The number.</summary>
    public long GetLong() => Read(HoconScalars.Long);

    /// <summary>The number.</summary>
    public float GetFloat() => Read(HoconScalars.Float);

    /// <summary>The number.</summary>
    public double GetDouble() => Read(HoconScalars.Double);

    /// <summary>The number.</summary>
    public decimal GetDecimal() => Read(HoconScalars.Decimal);

    /// <summary>A duration; a bare number counts milliseconds, <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => Read(HoconScalars.TimeSpan(allowInfinite));

    /// <summary>A size in bytes: <c>b</c>, powers of 1000 (<c>kB</c>) and of 1024 (<c>k</c>, <c>KiB</c>).</summary>
    public long? GetByteSize() => IsNull ? null : Read(HoconScalars.ByteSize);

    /// <summary>The items of an array.</summary>
    public IList<HoconValue> GetArray() => Items(null);

    /// <summary>The object.</summary>
    public HoconObject GetObject() => element as HoconObject ?? throw Unexpected(null, "an object");

    /// <summary>The items as text.</summary>
    public IList<string> GetStringList() => ReadList(HoconScalars.String);

    /// <summary>The items as truth values.</summary>
    public IList<bool> GetBooleanList() => ReadList(HoconScalars.Boolean);

    /// <summary>The items as numbers.</summary>
    public IList<byte> GetByteList() => ReadList(HoconScalars.Byte);

    /// <summary>The items as numbers.</summary>
    public IList<int> GetIntList() => ReadList(HoconScalars.Int);

    /// <summary>The items as numbers.</summary>
    public IList<long> GetLongList() => ReadList(HoconScalars.Long);

    /// <summary>The items as numbers.</summary>
    public IList<float> GetFloatList() => ReadList(HoconScalars.Float);

    /// <summary>The items as numbers.</summary>
    public IList<double> GetDoubleList() => ReadList(HoconScalars.Double);

    /// <summary>The items as numbers.</summary>
    public IList<decimal> GetDecimalList() => ReadList(HoconScalars.Decimal);

    /// <summary>The value of one key of an object; null when there is none or this is no object.</summary>
    public HoconValue? GetChildObject(string key) => (element as HoconObject)?.GetKey(key);

    /// <summary>This value as the only key of a configuration.</summary>
    public Config AtKey(string key)
    {
        HoconObject parent = new();
        parent.Items.Add(key, this);
        return new HoconValue(parent, Position).ToConfig();
    }

    /// <summary>This object as a configuration.</summary>
    public Config ToConfig() => new(new HoconRoot(this));

    /// <summary>The value as HOCON text.</summary>
    public override string ToString() => element.ToString()!;

    internal HoconValue At(Position position) => new(element, position);

    /// <summary>This object merged over an older value; an older value that is no object hides all that is older still.</summary>
    internal HoconValue Over(HoconValue older) => new(
        GetObject().Over(older.element as HoconObject ?? new HoconObject { HidesOlder = true }), Position);

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

    internal string Describe() => Kind switch
    {
        HoconKind.Object => "an object",
        HoconKind.Array => "an array",
        _ when Text is null => "null",
        _ => HoconWriter.Quote(Text!.Length <= 60 ? Text : Text[..60] + "…"),
    };

    internal ConfigurationException Unexpected(string? path, string expected) =>
        new($"{(Position.Line > 0 ? $"{Position}: " : "")}{(path is null ? "value" : $"'{path}'")} is {Describe()}; expected {expected}");

    private IList<HoconValue> Items(string? path) => element is HoconArray array ? array : throw Unexpected(path, "an array");
}

internal enum HoconKind
{
    Literal,
    Array,
    Object,
}

namespace Akka.Configuration.Hocon;

/// <summary>Values by key, in the order of their first assignment.</summary>
public sealed class HoconObject : IHoconElement
{
    /// <summary>Values by key.</summary>
    public Dictionary<string, HoconValue> Items { get; } = [];

    /// <summary>Whether an older value that was no object stands behind this one, so that older objects must not shine through.</summary>
    internal bool HidesOlder { get; init; }

    /// <inheritdoc/>
    public bool IsString() => false;

    /// <inheritdoc/>
    public string GetString() => throw new ConfigurationException("an object is not a string");

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => throw new ConfigurationException("an object is not an array");

    /// <summary>The value at <paramref name="key"/>, or null.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>Plain dictionaries, lists and strings.</summary>
    public IDictionary<string, object?> Unwrapped => Items.ToDictionary(item => item.Key, item => Unwrap(item.Value));

    /// <summary>The fields as HOCON text, one a line, without outer braces.</summary>
    public override string ToString() => AkkaLb.Engine.Configuration.HoconWriter.Write(this);

    /// <summary>This object with everything of <paramref name="older"/> that it does not define itself.</summary>
    internal HoconObject Over(HoconObject older)
    {
        HoconObject merged = new() { HidesOlder = older.HidesOlder };
        foreach ((string key, HoconValue value) in older.Items)
        {
            merged.Items.Add(key, value);
        }
        foreach ((string key, HoconValue value) in Items)
        {
            bool merge = merged.Items.TryGetValue(key, out HoconValue? hidden) && !value.HidesOlder;
            merged.Items[key] = merge ? value.Over(hidden!) : value;
        }
        return merged;
    }

    private static object? Unwrap(HoconValue value) =>
        value.IsObject() ? value.GetObject().Unwrapped
        : value.IsArray() ? value.GetArray().Select(Unwrap).ToList()
        : value.Text;
}

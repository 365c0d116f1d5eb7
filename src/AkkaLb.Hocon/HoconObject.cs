namespace AkkaLb.Hocon;

/// <summary>Values by key, in the order of their first assignment.</summary>
public sealed class HoconObject
{
    /// <summary>Values by key.</summary>
    public Dictionary<string, HoconValue> Items { get; } = [];

    /// <summary>Whether an older value that was no object stands behind this one, so that older objects must not shine through.</summary>
    internal bool HidesOlder { get; init; }

    /// <summary>The value at <paramref name="key"/>, or null.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

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
}

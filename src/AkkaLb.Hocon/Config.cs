using System.Diagnostics.CodeAnalysis;
using AkkaLb.Hocon.Parsing;

namespace AkkaLb.Hocon;

/// <summary>
/// An immutable HOCON configuration with its fallbacks. Substitutions are resolved when a value is first asked for:
/// in the document that wrote them, then in its fallbacks, then in the environment.
/// </summary>
/// <remarks>
/// A missing key, and one that is <c>null</c>, gives the default. Getters throw <see cref="HoconException"/> with one line
/// (line, column, path, value, what was expected) for a value of another type.
/// </remarks>
public sealed class Config
{
    /// <summary>A configuration without keys.</summary>
    public static readonly Config Empty = Parse("");

    private readonly HoconRoot _document;
    private HoconValue? _own;
    private HoconValue? _root;

    private Config(HoconRoot document, Config? fallback) => (_document, Fallback) = (document, fallback);

    /// <summary>Where keys are looked up that this document lacks.</summary>
    public Config? Fallback { get; }

    /// <summary>Whether there is no key.</summary>
    public bool IsEmpty => _document.IsEmpty && Fallback is null or { IsEmpty: true };

    /// <summary>All values, merged with the fallbacks.</summary>
    public HoconValue Root => _root ??= Fallback is null ? Own : Own.Over(Fallback.Root);

    private HoconValue Own => _own ??= _document.Resolve(Fallback);

    /// <inheritdoc cref="HoconRoot.Parse"/>
    public static Config Parse(string text, Func<string, HoconRoot?>? include = null, string? source = null) =>
        new(HoconRoot.Parse(text, include, source), null);

    /// <summary>
    /// This configuration, and <paramref name="fallback"/> for the keys that it lacks; objects are merged, all else replaces.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="fallback"/> is this configuration.</exception>
    public Config WithFallback(Config fallback)
    {
        if (ReferenceEquals(fallback, this))
        {
            throw new ArgumentException("a configuration cannot have itself as fallback", nameof(fallback));
        }
        return fallback.IsEmpty ? this : IsEmpty ? fallback : Append(fallback);
    }

    /// <summary>Whether something is assigned to <paramref name="path"/>, null included.</summary>
    public bool HasPath(string path) => GetValue(path) is not null;

    /// <summary>The value at <paramref name="path"/> (<c>a.b."c.d"</c>), or null.</summary>
    public HoconValue? GetValue(string path) => Find(ConfigPath.Split(path));

    /// <summary>Text.</summary>
    [return: NotNullIfNotNull(nameof(@default))]
    public string? GetString(string path, string? @default = null) => Get(path, HoconScalars.String!, @default);

    /// <summary>true, yes, on; false, no, off.</summary>
    public bool GetBoolean(string path, bool @default = false) => Get(path, HoconScalars.Boolean, @default);

    /// <summary>A 64-bit integer.</summary>
    public long GetLong(string path, long @default = 0) => Get(path, HoconScalars.Long, @default);

    /// <summary>A number.</summary>
    public double GetDouble(string path, double @default = 0) => Get(path, HoconScalars.Double, @default);

    /// <summary>A finite duration: ns, us, ms, s, m, h, d and their long names; a bare number counts milliseconds.</summary>
    public TimeSpan GetTimeSpan(string path, TimeSpan @default = default) => Get(path, HoconScalars.TimeSpan, @default);

    /// <summary>Texts; none when missing.</summary>
    public IReadOnlyList<string> GetStringList(string path) => GetValue(path) is { IsNull: false } value
        ? value.ReadList(HoconScalars.String, path)
        : [];

    /// <summary>
    /// All of this configuration, fallbacks merged in, as resolved HOCON text: one key a line, every substitution replaced.
    /// </summary>
    public override string ToString() => HoconWriter.Fields(Root.GetObject());

    internal HoconValue? Find(string[] path)
    {
        HoconValue? value = Root;
        for (int i = 0; i < path.Length && value is not null; i++)
        {
            value = value.GetChildObject(path[i]);
        }
        return value;
    }

    private Config Append(Config fallback) =>
        ReferenceEquals(this, fallback) ? this : new Config(_document, Fallback is null ? fallback : Fallback.Append(fallback));

    private T Get<T>(string path, HoconScalar<T> scalar, T @default) =>
        GetValue(path) is { IsNull: false } value ? value.Read(scalar, path) : @default;
}

using System.Diagnostics.CodeAnalysis;
using Akka.Configuration.Hocon;
using AkkaLb.Engine.Configuration;

namespace Akka.Configuration;

/// <summary>
/// An immutable HOCON configuration with its fallbacks. Substitutions are resolved when a value is first asked for:
/// in the document that wrote them, then in its fallbacks, then in the environment.
/// </summary>
/// <remarks>
/// A missing key, and one that is <c>null</c>, gives the default. Getters throw <see cref="ConfigurationException"/> with one line
/// (line, column, path, value, what was expected) for a value of another type.
/// </remarks>
public sealed class Config
{
    /// <summary>A configuration without keys.</summary>
    public static readonly Config Empty = new();

    private readonly HoconRoot document;
    private HoconValue? own;
    private HoconValue? root;

    /// <summary>A configuration without keys.</summary>
    public Config()
        : this(new HoconRoot())
    {
    }

    /// <summary>The configuration of a parsed document.</summary>
    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        document = root;
    }

    /// <summary><paramref name="source"/> with <paramref name="fallback"/> instead of its own fallback.</summary>
    public Config(Config source, Config? fallback)
        : this((source ?? throw new ArgumentNullException(nameof(source))).document) => Fallback = fallback;

    /// <summary>Where keys are looked up that this document lacks.</summary>
    public Config? Fallback { get; }

    /// <summary>Whether there is no key.</summary>
    public bool IsEmpty => document.IsEmpty && Fallback is null or { IsEmpty: true };

    /// <summary>All values, merged with the fallbacks.</summary>
    public HoconValue Root => root ??= Fallback is null ? Own : Own.Over(Fallback.Root);

    private HoconValue Own => own ??= document.Resolve(Fallback);

    /// <summary>Reads HOCON text.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary><paramref name="config"/> with the text <paramref name="fallback"/> as its fallback.</summary>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>The text <paramref name="configHocon"/> with <paramref name="fallbackConfig"/> as its fallback.</summary>
    public static Config operator +(string configHocon, Config fallbackConfig) => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    /// <summary>This configuration, and <paramref name="fallback"/> for the keys that it lacks; objects are merged, all else replaces.</summary>
    /// <exception cref="ArgumentException"><paramref name="fallback"/> is this configuration.</exception>
    public Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
        {
            throw new ArgumentException("Config can not have itself as fallback", nameof(fallback));
        }
        return fallback is null || fallback.IsEmpty ? this : IsEmpty ? fallback : Append(fallback);
    }

    /// <summary>Whether something is assigned to <paramref name="path"/>, null included.</summary>
    public bool HasPath(string path) => GetValue(path) is not null;

    /// <summary>The value at <paramref name="path"/> (<c>a.b."c.d"</c>), or null.</summary>
    public HoconValue? GetValue(string path) => Find(ConfigPath.Split(path));

    /// <summary>The object at <paramref name="path"/> as a configuration of its own, or null.</summary>
    public Config? GetConfig(string path) =>
        GetValue(path) is not { IsNull: false } value ? null
        : value.IsObject() ? value.ToConfig()
        : throw value.Unexpected(path, "an object");

    /// <summary>Text.</summary>
    [return: NotNullIfNotNull(nameof(@default))]
    public string? GetString(string path, string? @default = null) => Get(path, HoconScalars.String!, @default);

    /// <summary>true, yes, on; false, no, off.</summary>
    public bool GetBoolean(string path, bool @default = false) => Get(path, HoconScalars.Boolean, @default);

    /// <summary>A 32-bit integer.</summary>
    public int GetInt(string path, int @default = 0) => Get(path, HoconScalars.Int, @default);

    /// <summary>A 64-bit integer.</summary>
    public long GetLong(string path, long @default = 0) => Get(path, HoconScalars.Long, @default);

    /// <summary>A number.</summary>
    public float GetFloat(string path, float @default = 0) => Get(path, HoconScalars.Float, @default);

    /// <summary>A number.</summary>
    public double GetDouble(string path, double @default = 0) => Get(path, HoconScalars.Double, @default);

    /// <summary>A number.</summary>
    public decimal GetDecimal(string path, decimal @default = 0) => Get(path, HoconScalars.Decimal, @default);

    /// <summary>A duration: ns, us, ms, s, m, h, d and their long names; a bare number counts milliseconds; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Get(path, HoconScalars.TimeSpan(allowInfinite), @default.GetValueOrDefault());

    /// <summary>A size in bytes: <c>b</c>, powers of 1000 (<c>kB</c>) and of 1024 (<c>k</c>, <c>KiB</c>); null when missing.</summary>
    public long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>A size in bytes.</summary>
    public long? GetByteSize(string path, long? def) =>
        GetValue(path) is { IsNull: false } value ? value.Read(HoconScalars.ByteSize, path) : def;

    /// <summary>Texts; none when missing.</summary>
    public IList<string> GetStringList(string path) => GetList(path, HoconScalars.String);

    /// <summary>Texts.</summary>
    public IList<string> GetStringList(string path, string[] defaultPaths) => HasPath(path) ? GetStringList(path) : defaultPaths;

    /// <summary>Truth values; none when missing.</summary>
    public IList<bool> GetBooleanList(string path) => GetList(path, HoconScalars.Boolean);

    /// <summary>Bytes; none when missing.</summary>
    public IList<byte> GetByteList(string path) => GetList(path, HoconScalars.Byte);

    /// <summary>32-bit integers; none when missing.</summary>
    public IList<int> GetIntList(string path) => GetList(path, HoconScalars.Int);

    /// <summary>64-bit integers; none when missing.</summary>
    public IList<long> GetLongList(string path) => GetList(path, HoconScalars.Long);

    /// <summary>Numbers; none when missing.</summary>
    public IList<float> GetFloatList(string path) => GetList(path, HoconScalars.Float);

    /// <summary>Numbers; none when missing.</summary>
    public IList<double> GetDoubleList(string path) => GetList(path, HoconScalars.Double);

    /// <summary>Numbers; none when missing.</summary>
    public IList<decimal> GetDecimalList(string path) => GetList(path, HoconScalars.Decimal);

    /// <summary>The keys of the outermost object and their values, fallbacks merged in.</summary>
    public IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject().Items;

    /// <summary>This document, resolved, as HOCON text.</summary>
    public override string ToString() => ToString(includeFallback: false);

    /// <summary>This document, resolved, as HOCON text; with its fallbacks if asked.</summary>
    public string ToString(bool includeFallback) => (includeFallback ? Root : Own).ToString();

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
        ReferenceEquals(this, fallback) ? this : new Config(this, Fallback is null ? fallback : Fallback.Append(fallback));

    private T Get<T>(string path, HoconScalar<T> scalar, T @default) =>
        GetValue(path) is { IsNull: false } value ? value.Read(scalar, path) : @default;

    private List<T> GetList<T>(string path, HoconScalar<T> scalar) =>
        GetValue(path) is { IsNull: false } value ? value.ReadList(scalar, path) : [];
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Akka.Actor;

/// <summary>The place of an actor in the tree of its system, as <c>akka://System/user/parent/child</c>.</summary>
/// <remarks>Equality is by address and names; the uid tells incarnations of one place apart and takes no part in it.</remarks>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>The signs that a name may hold beside letters and digits.</summary>
    internal const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    // Known at the root only: paths are many and are asked for their address rarely.
    private readonly Address? _address;

    /// <summary>A path at the root of a system.</summary>
    protected ActorPath(Address address, string name)
    {
        _address = address;
        Name = name;
        Parent = this;
    }

    /// <summary>A path below another.</summary>
    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    /// <summary>The address of the system.</summary>
    public Address Address => Root._address!;

    /// <summary>The last element of the path.</summary>
    public string Name { get; }

    /// <summary>The incarnation, 0 when unknown.</summary>
    public long Uid { get; }

    /// <summary>Elements below the root.</summary>
    public int Depth { get; }

    /// <summary>The path above; a root path is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>The root of the system.</summary>
    public ActorPath Root
    {
        get
        {
            ActorPath path = this;
            while (path.Depth > 0) { path = path.Parent; }
            return path;
        }
    }

    /// <summary>The names from below the root to this path's.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            string[] elements = new string[Depth];
            ActorPath path = this;
            for (int i = Depth - 1; i >= 0; i--, path = path.Parent) { elements[i] = path.Name; }
            return elements;
        }
    }

    /// <summary>The path of a child; a <c>#uid</c> at the end of its name becomes the uid.</summary>
    public ActorPath Child(string childName)
    {
        int hash = childName.LastIndexOf('#');
        return hash >= 0 && long.TryParse(childName.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long uid)
            ? new ChildActorPath(this, childName[..hash], uid)
            : new ChildActorPath(this, childName, 0);
    }

    /// <summary>The path of a child.</summary>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    /// <summary>The path below by several names.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (string element in name)
        {
            if (element.Length > 0) { path = path.Child(element); }
        }
        return path;
    }

    /// <summary>The same path with another uid.</summary>
    public abstract ActorPath WithUid(long uid);

    /// <summary>The path cut to <paramref name="depth"/> elements; a negative depth cuts that many off the end.</summary>
    public ActorPath ParentOf(int depth)
    {
        ActorPath path = this;
        for (int cut = depth >= 0 ? Depth - depth : -depth; cut > 0 && path.Depth > 0; cut--) { path = path.Parent; }
        return path;
    }

    /// <summary>True when a string may be an element of a path.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') { return false; }
        for (int i = 0; i < s.Length; i++)
        {
            char c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c)) { continue; }
            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) { return false; }
            i += 2;
        }
        return true;
    }

    /// <summary><c>/a/b/c</c></summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    /// <summary>Parses a path with its address; throws <see cref="UriFormatException"/> when it is none.</summary>
    public static ActorPath Parse(string path) => TryParse(path, out ActorPath? result)
        ? result
        : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    /// <summary>Parses a path with its address.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        return Address.TryParse(path, out Address? address, out ReadOnlySpan<char> rest)
            && TryParse(new RootActorPath(address), rest, out actorPath);
    }

    /// <summary>Parses names below <paramref name="basePath"/>.</summary>
    public static bool TryParse(ActorPath basePath, string absoluteUri, [NotNullWhen(true)] out ActorPath? actorPath) =>
        TryParse(basePath, absoluteUri.AsSpan(), out actorPath);

    /// <summary>Parses names below <paramref name="basePath"/>.</summary>
    public static bool TryParse(ActorPath basePath, ReadOnlySpan<char> absoluteUri, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = basePath;
        foreach (Range part in absoluteUri.Split('/'))
        {
            ReadOnlySpan<char> element = absoluteUri[part];
            if (!element.IsEmpty) { actorPath = actorPath.Child(element.ToString()); }
        }
        return true;
    }

    /// <summary>Parses the address of a path.</summary>
    public static bool TryParseAddress(string path, [NotNullWhen(true)] out Address? address) => Address.TryParse(path, out address, out _);

    /// <summary>Parses the address of a path and gives what follows it.</summary>
    public static bool TryParseAddress(string path, [NotNullWhen(true)] out Address? address, out ReadOnlySpan<char> absoluteUri) =>
        Address.TryParse(path, out address, out absoluteUri);

    /// <summary><c>/user/a</c></summary>
    public string ToStringWithoutAddress() => Join(null, withUid: false);

    /// <summary><c>akka://System/user/a</c></summary>
    public string ToStringWithAddress() => Join(Address, withUid: false);

    /// <summary>The same with <paramref name="address"/> in the place of a local one.</summary>
    public string ToStringWithAddress(Address address) => Join(Address.HasGlobalScope ? Address : address, withUid: false);

    /// <summary><c>akka://System/user/a#uid</c></summary>
    public string ToStringWithUid() => Join(Address, withUid: true);

    /// <summary>The form that identifies one incarnation, for serialisers.</summary>
    public string ToSerializationFormat() => Join(Address, withUid: true);

    /// <summary>The same with <paramref name="address"/> in the place of a local one.</summary>
    public string ToSerializationFormatWithAddress(Address address) => Join(Address.HasGlobalScope ? Address : address, withUid: true);

    /// <inheritdoc />
    public override string ToString() => ToStringWithAddress();

    private string Join(Address? address, bool withUid)
    {
        StringBuilder text = new(address?.ToString());
        if (Depth == 0) { text.Append('/'); }
        foreach (string element in Elements) { text.Append('/').Append(element); }
        if (withUid && Uid != 0) { text.Append(CultureInfo.InvariantCulture, $"#{Uid}"); }
        return text.ToString();
    }

    /// <inheritdoc />
    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) { return true; }
        if (other is null || Depth != other.Depth) { return false; }
        ActorPath a = this;
        while (a.Depth > 0)
        {
            if (a.Name != other.Name) { return false; }
            a = a.Parent;
            other = other.Parent;
            if (ReferenceEquals(a, other)) { return true; }
        }
        return a.Address.Equals(other.Address);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        HashCode hash = default;
        for (ActorPath path = this; path.Depth > 0; path = path.Parent) { hash.Add(path.Name); }
        hash.Add(Address);
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public int CompareTo(ActorPath? other)
    {
        if (other is null) { return 1; }
        int result = Address.CompareTo(other.Address);
        if (result != 0) { return result; }
        IReadOnlyList<string> mine = Elements;
        IReadOnlyList<string> its = other.Elements;
        for (int i = 0; i < Math.Min(mine.Count, its.Count); i++)
        {
            result = string.CompareOrdinal(mine[i], its[i]);
            if (result != 0) { return result; }
        }
        return mine.Count.CompareTo(its.Count);
    }

    /// <summary>Compares by value.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    /// <summary>Compares by value.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name)
{
    /// <inheritdoc />
    public override ActorPath WithUid(long uid) => uid == 0
        ? this
        : throw new NotSupportedException("RootActorPath must not have a uid.");
}

/// <summary>A path below another.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid)
{
    /// <inheritdoc />
    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(Parent, Name, uid);
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor system is: <c>akka://System</c> (local) or <c>akka.tcp://System@host:port</c>.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, ICloneable
{
    /// <summary>Stands for every system, in wildcards.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private string? _text;

    /// <summary>Makes an address; <paramref name="host"/> and <paramref name="port"/> are null when local.</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    /// <summary>The transport, such as <c>akka</c> or <c>akka.tcp</c>.</summary>
    public string Protocol { get; }

    /// <summary>The name of the actor system.</summary>
    public string System { get; }

    /// <summary>The host, or null when local.</summary>
    public string? Host { get; }

    /// <summary>The port, or null when local.</summary>
    public int? Port { get; }

    /// <summary>True when the address means something in this process only.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>True when the address names a host.</summary>
    public bool HasGlobalScope => !HasLocalScope;

    /// <summary><c>System@host:port</c>, or the system's name when local.</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    /// <summary>The same with another protocol.</summary>
    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    /// <summary>The same with another system name.</summary>
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary>The same with another host.</summary>
    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    /// <summary>The same with another port.</summary>
    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    /// <summary>Parses an address; throws <see cref="UriFormatException"/> when it is none.</summary>
    public static Address Parse(string address) => TryParse(address, out Address? result)
        ? result
        : throw new UriFormatException($"[{address}] is not a valid actor system address, expected protocol://system[@host:port].");

    /// <summary>Parses an address.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) => TryParse(path.AsSpan(), out address);

    /// <summary>Parses an address.</summary>
    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address) => TryParse(span, out address, out _);

    /// <summary>Parses the address at the start of a path; <paramref name="absolutUri"/> is what follows, from its slash.</summary>
    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address, out ReadOnlySpan<char> absolutUri)
    {
        address = null;
        absolutUri = default;
        int scheme = span.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) { return false; }
        ReadOnlySpan<char> rest = span[(scheme + 3)..];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        absolutUri = slash < 0 ? "/" : rest[slash..];
        if (authority.IsEmpty) { return false; }
        string protocol = span[..scheme].ToString();
        int at = authority.IndexOf('@');
        if (at < 0)
        {
            if (authority.Contains(':')) { return false; }
            address = new Address(protocol, authority.ToString());
            return true;
        }
        ReadOnlySpan<char> hostPort = authority[(at + 1)..];
        int colon = hostPort.LastIndexOf(':');
        if (at == 0 || colon <= 0
            || !int.TryParse(hostPort[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > ushort.MaxValue)
        {
            return false;
        }
        address = new Address(protocol, authority[..at].ToString(), hostPort[..colon].ToString(), port);
        return true;
    }

    /// <inheritdoc />
    public bool Equals(Address? other) => other is not null
        && (ReferenceEquals(this, other)
            || (Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Host, Port, System, Protocol);

    /// <inheritdoc />
    public int CompareTo(Address? other)
    {
        if (other is null) { return 1; }
        int result = string.CompareOrdinal(Protocol, other.Protocol);
        if (result == 0) { result = string.CompareOrdinal(System, other.System); }
        if (result == 0) { result = string.CompareOrdinal(Host, other.Host); }
        return result != 0 ? result : (Port ?? 0).CompareTo(other.Port ?? 0);
    }

    /// <inheritdoc />
    public object Clone() => new Address(Protocol, System, Host, Port);

    /// <inheritdoc />
    public override string ToString() => _text ??= HasLocalScope
        ? $"{Protocol}://{System}"
        : string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{Port}");

    /// <summary>Compares by value.</summary>
    public static bool operator ==(Address? left, Address? right) => left?.Equals(right) ?? right is null;

    /// <summary>Compares by value.</summary>
    public static bool operator !=(Address? left, Address? right) => !(left == right);
}

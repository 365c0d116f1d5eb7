namespace Akka.Configuration.Hocon;

/// <summary>What a <see cref="HoconValue"/> holds: a <see cref="HoconLiteral"/>, <see cref="HoconArray"/> or <see cref="HoconObject"/>.</summary>
public interface IHoconElement
{
    /// <summary>Whether this is text (numbers, durations and null included).</summary>
    bool IsString();

    /// <summary>The text; null for HOCON's null.</summary>
    /// <exception cref="ConfigurationException">This is not text.</exception>
    string? GetString();

    /// <summary>Whether this is an array.</summary>
    bool IsArray();

    /// <summary>The items of the array.</summary>
    /// <exception cref="ConfigurationException">This is not an array.</exception>
    IList<HoconValue> GetArray();
}

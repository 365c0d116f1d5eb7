namespace Akka.Configuration.Hocon;

/// <summary>Text as written, without its quotes.</summary>
public sealed class HoconLiteral : IHoconElement
{
    /// <summary>The text; null for HOCON's null.</summary>
    public string? Value { get; set; }

    /// <inheritdoc/>
    public bool IsString() => true;

    /// <inheritdoc/>
    public string? GetString() => Value;

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => throw new ConfigurationException("a literal is not an array");

    /// <summary>The literal as HOCON text.</summary>
    public override string ToString() => AkkaLb.Engine.Configuration.HoconWriter.Text(Value);
}

namespace Akka.Configuration.Hocon;

/// <summary>An array of values.</summary>
public sealed class HoconArray : List<HoconValue>, IHoconElement
{
    /// <inheritdoc/>
    public bool IsString() => false;

    /// <inheritdoc/>
    public string GetString() => throw new ConfigurationException("an array is not a string");

    /// <inheritdoc/>
    public bool IsArray() => true;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => this;

    /// <summary>The array as HOCON text.</summary>
    public override string ToString() => AkkaLb.Engine.Configuration.HoconWriter.Write(this);
}

using AkkaLb.Engine.Configuration;

namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON text.</summary>
public static class Parser
{
    /// <summary>Reads a document.</summary>
    /// <param name="text">HOCON text.</param>
    /// <param name="includeCallback">Gives the document that an <c>include</c> names, or null when there is none.</param>
    /// <exception cref="ConfigurationException">The text is malformed; the message gives line, column and what was expected.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot?>? includeCallback)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new HoconRoot(HoconReader.Read(text, includeCallback));
    }
}

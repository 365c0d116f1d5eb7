using System.Text;
using AkkaLb.Hocon;

namespace AkkaLb.Runtime.Configuration;

/// <summary>
/// Writes a resolved configuration as HOCON: every key of the reference with its value, in the reference's order, and
/// whatever was configured of the actor system.
/// </summary>
internal static class ConfigurationWriter
{
    // What is written is one experiment, be it a cell of a grid.
    private const string GridSection = "akkalb.grid";

    /// <param name="replacements">Values that win over the configuration's, by full key.</param>
    public static string Write(Config config, IReadOnlyDictionary<string, string> replacements)
    {
        StringBuilder text = new();
        Append(ConfigurationLoader.Reference.Root, "", "");
        if (config.GetValue(ConfigurationLoader.EngineSection) is { } engine)
        {
            text.Append(ConfigurationLoader.EngineSection).Append(' ').Append(HoconWriter.Write(engine)).Append('\n');
        }
        return text.ToString();

        void Append(HoconValue section, string path, string indent)
        {
            foreach ((string key, HoconValue child) in section.GetObject()!.Items)
            {
                string full = path.Length == 0 ? key : $"{path}.{key}";
                if (full == GridSection)
                {
                    continue;
                }
                text.Append(indent).Append(HoconWriter.Key(key));
                if (child.IsObject())
                {
                    text.Append(" {\n");
                    Append(child, full, indent + "  ");
                    text.Append(indent).Append("}\n");
                }
                else if (child.IsArray())
                {
                    text.Append(" = [").AppendJoin(", ", ConfigurationLoader.Texts(config, full).Select(Quote)).Append("]\n");
                }
                else
                {
                    string value = replacements.TryGetValue(full, out string? replacement) ? replacement : config.GetString(full, "");
                    text.Append(" = ").Append(Quote(value)).Append('\n');
                }
            }
        }
    }

    /// <summary>A value as HOCON text that reads back to it.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && value != "null" && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            ? value
            : HoconWriter.Quote(value);
}

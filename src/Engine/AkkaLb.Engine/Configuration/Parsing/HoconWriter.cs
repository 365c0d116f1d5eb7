using System.Text;
using Akka.Configuration.Hocon;

namespace AkkaLb.Engine.Configuration;

/// <summary>Prints values so that reading them again gives the same values.</summary>
internal static class HoconWriter
{
    public static string Write(HoconObject root)
    {
        StringBuilder output = new();
        WriteFields(output, root, "");
        return output.ToString();
    }

    public static string Write(HoconArray array) => "[" + string.Join(", ", array.Select(Inline)) + "]";

    public static string Text(string? text) =>
        text is null ? "null" : text == "null" || !IsPlain(text) ? Quote(text) : text;

    public static string Quote(string text)
    {
        StringBuilder output = new("\"");
        foreach (char c in text)
        {
            output.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        return output.Append('"').ToString();
    }

    private static void WriteFields(StringBuilder output, HoconObject fields, string indent)
    {
        foreach ((string key, HoconValue value) in fields.Items)
        {
            output.Append(indent).Append(Key(key));
            if (value.IsObject())
            {
                output.Append(" {\n");
                WriteFields(output, value.GetObject(), indent + "  ");
                output.Append(indent).Append("}\n");
            }
            else
            {
                output.Append(" : ").Append(value).Append('\n');
            }
        }
    }

    private static string Inline(HoconValue value) => value.IsObject()
        ? "{" + string.Join(", ", value.GetObject().Items.Select(item => $"{Key(item.Key)} : {Inline(item.Value)}")) + "}"
        : value.ToString();

    public static string Key(string key) => key == "include" || key.Contains('.') || !IsPlain(key) ? Quote(key) : key;

    private static bool IsPlain(string text) =>
        text.Length > 0 && !text.Contains("//") && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');
}

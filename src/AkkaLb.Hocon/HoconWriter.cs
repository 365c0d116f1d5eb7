using System.Text;

namespace AkkaLb.Hocon;

/// <summary>Prints resolved values so that reading them again, here or with Akka.NET's own parser, gives the same values.</summary>
public static class HoconWriter
{
    /// <summary>One value on one line; an object stands in braces.</summary>
    public static string Write(HoconValue value) =>
        value.IsObject() ? "{" + string.Join(", ", value.GetObject().Items.Select(item => $"{Key(item.Key)} : {Write(item.Value)}")) + "}"
        : value.IsArray() ? "[" + string.Join(", ", value.GetArray().Select(Write)) + "]"
        : value.Text is null ? "null"
        : value.Text == "null" || !IsPlain(value.Text) ? Quote(value.Text)
        : value.Text;

    /// <summary>The fields of an object, one a line, without outer braces.</summary>
    public static string Fields(HoconObject fields)
    {
        StringBuilder output = new();
        AppendFields(output, fields, "");
        return output.ToString();
    }

    /// <summary>A key, in quotes where it needs them.</summary>
    public static string Key(string key) => key == "include" || key.Contains('.', StringComparison.Ordinal) || !IsPlain(key)
        ? Quote(key)
        : key;

    /// <summary>A text in quotes, its special characters escaped.</summary>
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

    private static void AppendFields(StringBuilder output, HoconObject fields, string indent)
    {
        foreach ((string key, HoconValue value) in fields.Items)
        {
            output.Append(indent).Append(Key(key));
            if (value.IsObject())
            {
                output.Append(" {\n");
                AppendFields(output, value.GetObject(), indent + "  ");
                output.Append(indent).Append("}\n");
            }
            else
            {
                output.Append(" : ").Append(Write(value)).Append('\n');
            }
        }
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && !text.Contains("//", StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');
}

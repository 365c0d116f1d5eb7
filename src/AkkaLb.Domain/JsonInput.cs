using System.Text;
using System.Text.Json;

namespace AkkaLb.Domain;

/// <summary>Parses JSON and turns whatever is wrong with it into one line with file and line.</summary>
public static class JsonInput
{
    /// <param name="json">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="problem">What to say of text that is not JSON.</param>
    /// <exception cref="InvalidInputException">
    /// Not JSON, a string in it is no Unicode text, or an object has a name twice; the message names file and line.
    /// </exception>
    public static JsonDocument Parse(string json, string fileName, string problem = "not valid JSON")
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{fileName}, line {e.LineNumber + 1}: {problem}", e);
        }

        Check(utf8, fileName);
        return document;
    }

    /// <summary>
    /// "\ud800" alone is JSON but no text: it can neither be looked up nor written again, and reading it throws where nobody expects it. Of
    /// a name that an object has twice one would be read and the other passed over.
    /// </summary>
    private static void Check(ReadOnlySpan<byte> utf8, string fileName)
    {
        var reader = new Utf8JsonReader(utf8);
        // Of the object that is open at each depth.
        List<HashSet<string>> names = [];
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (names.Count <= reader.CurrentDepth)
                {
                    names.Add(new HashSet<string>(StringComparer.Ordinal));
                }

                names[reader.CurrentDepth].Clear();
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = Text(utf8, reader, fileName);
                if (!names[reader.CurrentDepth - 1].Add(name))
                {
                    throw new InvalidInputException(
                        $"{fileName}, line {Line(utf8, reader)}: {TextInput.Shown(name)}: expected once, found twice");
                }
            }
            else if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
            {
                Text(utf8, reader, fileName);
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8, in Utf8JsonReader reader, string fileName)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidInputException(
                $"{fileName}, line {Line(utf8, reader)}: \"{TextInput.Shown(Encoding.UTF8.GetString(reader.ValueSpan))}\" has half of a "
                + "surrogate pair, expected Unicode text", e);
        }
    }

    private static int Line(ReadOnlySpan<byte> utf8, in Utf8JsonReader reader) =>
        utf8[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
}

using System.Text;
using System.Text.Json;

namespace AkkaLb.Domain.Network;

/// <summary>Parses JSON and turns whatever is wrong with it into one line with file and line.</summary>
public static class JsonInput
{
    /// <param name="json">The content of the file.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="problem">What to say of text that is not JSON.</param>
    /// <exception cref="InvalidInputException">Not JSON, or a string in it is no Unicode text; the message names file and line.</exception>
    /// <param name="repeats">Whether the reader itself looks for names that an object has twice.</param>
    public static JsonDocument Parse(string json, string fileName, string problem = "not valid JSON", bool repeats = true)
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

        CheckStrings(utf8, fileName);
        if (!repeats)
        {
            CheckNames(utf8, fileName);
        }

        return document;
    }

    private static void CheckNames(byte[] utf8, string fileName)
    {
        try
        {
            JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false }).Dispose();
        }
        catch (JsonException e)
        {
            // Which name it is stands in the reader's message alone, in quotes.
            string name = e.Message.Split('\'') is [_, var quoted, _] ? quoted : "a name";
            throw new InvalidInputException($"{fileName}: {name}: expected once, found twice", e);
        }
    }

    /// <summary>
    /// "\ud800" alone is JSON but no text: it can neither be looked up nor written again, and reading it throws where nobody expects it.
    /// </summary>
    private static void CheckStrings(ReadOnlySpan<byte> utf8, string fileName)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException e)
            {
                int line = utf8[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
                string text = Encoding.UTF8.GetString(reader.ValueSpan);
                throw new InvalidInputException(
                    $"{fileName}, line {line}: \"{TextInput.Shown(text)}\" has half of a surrogate pair, "
                    + "expected Unicode text", e);
            }
        }
    }
}

using System.IO.Compression;
using System.Text;

namespace AkkaLb.Domain;

/// <summary>
/// Decodes a user's file. What cannot be decoded is refused by name: replacement characters would make different labels equal in silence.
/// </summary>
public static class TextInput
{
    /// <summary>Bytes that an archive may unpack to, 512 MiB: a small file can hold thousands of times its size.</summary>
    private const int MostUnpacked = 1 << 29;

    private const string Damaged = "the gzip archive is damaged or cut short, expected one that can be unpacked";

    // An archive of several is unpacked to the texts of all, and one that is cut short to less, without an error: what comes to light of
    // one more behind it tells whether it was whole.
    private static readonly byte[] EndText = "the end of the archive"u8.ToArray(), End = PackEnd();

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="bytes">The content of the file: UTF-8, or UTF-16 or UTF-32 with a byte order mark; all of these gzipped, too.</param>
    /// <param name="fileName">What to call it in messages.</param>
    /// <param name="allowLatin1">Read what is not UTF-8 as Latin-1, as older files of a format may be.</param>
    /// <exception cref="InvalidInputException">Something else; the message names the file and what was found.</exception>
    public static string Decode(byte[] bytes, string fileName, bool allowLatin1 = false)
    {
        switch (bytes)
        {
            case [0x1F, 0x8B, ..]:
                byte[] unpacked = Unpack(bytes, fileName);
                return unpacked is [0x1F, 0x8B, ..]
                    ? throw new InvalidInputException(
                        $"{fileName}: found a gzip archive within a gzip archive, expected text: unpack it first")
                    : Decode(unpacked, fileName, allowLatin1);
            case [(byte)'P', (byte)'K', 3, 4, ..]:
                throw new InvalidInputException($"{fileName}: found a zip archive, expected text: unpack it first");
            case [0xFF, 0xFE, 0, 0, ..]:
                return Decode(bytes.AsSpan(4), new UTF32Encoding(bigEndian: false, true, throwOnInvalidCharacters: true), fileName);
            case [0, 0, 0xFE, 0xFF, ..]:
                return Decode(bytes.AsSpan(4), new UTF32Encoding(bigEndian: true, true, throwOnInvalidCharacters: true), fileName);
            case [0xFF, 0xFE, ..]:
                return Decode(bytes.AsSpan(2), new UnicodeEncoding(bigEndian: false, true, throwOnInvalidBytes: true), fileName);
            case [0xFE, 0xFF, ..]:
                return Decode(bytes.AsSpan(2), new UnicodeEncoding(bigEndian: true, true, throwOnInvalidBytes: true), fileName);
        }

        ReadOnlySpan<byte> text = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        if (text.Contains((byte)0))
        {
            throw new InvalidInputException(
                $"{fileName}, line {Line(text, text.IndexOf((byte)0))}: found a zero byte, expected UTF-8 text (UTF-16 needs a byte order "
                    + "mark)");
        }

        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException) when (allowLatin1)
        {
            return Encoding.Latin1.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException($"{fileName}, line {Line(text, FirstInvalid(text))}: not valid UTF-8, expected UTF-8 text", e);
        }
    }

    /// <summary>What a file has, fit for a message of one line.</summary>
    public static string Shown(string text)
    {
        const int most = 40;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= most ? line : line[..most] + "…";
    }

    private static string Decode(ReadOnlySpan<byte> text, Encoding strict, string fileName)
    {
        try
        {
            return strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException($"{fileName}: not valid {strict.WebName.ToUpperInvariant()}, expected text", e);
        }
    }

    private static byte[] Unpack(byte[] bytes, string fileName)
    {
        using var unpacked = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream([.. bytes, .. End]), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int read; (read = gzip.Read(buffer)) > 0;)
            {
                if (unpacked.Length + read > MostUnpacked + EndText.Length)
                {
                    throw new InvalidInputException(
                        $"{fileName}: the gzip archive holds more than {MostUnpacked >> 20} MiB, expected at most so many");
                }

                unpacked.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException($"{fileName}: {Damaged}", e);
        }

        ReadOnlySpan<byte> text = unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length);
        return text.EndsWith(EndText)
            ? text[..^EndText.Length].ToArray()
            : throw new InvalidInputException($"{fileName}: {Damaged}");
    }

    /// <summary>An archive of <see cref="EndText"/>.</summary>
    private static byte[] PackEnd()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression))
        {
            gzip.Write(EndText);
        }

        return packed.ToArray();
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length
            && Rune.DecodeFromUtf8(text[at..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static int Line(ReadOnlySpan<byte> text, int at) => text[..at].Count((byte)'\n') + 1;
}

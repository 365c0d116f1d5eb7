using System.IO.Compression;
using System.Text;

namespace AkkaLb.Domain.Tests;

public class TextInputTests
{
    private static readonly byte[] Latin1 = Encoding.Latin1.GetBytes("one\nZürich");

    [Fact]
    public void Decode_UnicodeWithOrWithoutMark_IsTheText()
    {
        const string text = "Zürich 東京 🚀\n";
        foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode,
            Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(true, true) })
        {
            TextInput.Decode([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], "t").ShouldBe(text, encoding.WebName);
        }
    }

    [Fact]
    public void Decode_Latin1_OnlyWhereItMayBe()
    {
        TextInput.Decode(Latin1, "t", allowLatin1: true).ShouldBe("one\nZürich");
        Message(Latin1).ShouldBe("t, line 2: not valid UTF-8, expected UTF-8 text");
    }

    /// <summary>Two labels of half a surrogate pair each would both become U+FFFD, and so one.</summary>
    [Theory]
    [InlineData("UTF-16", 0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8)]
    [InlineData("UTF-16BE", 0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x00)]
    [InlineData("UTF-16", 0xFF, 0xFE, 0x61)]
    [InlineData("UTF-32", 0xFF, 0xFE, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF)]
    [InlineData("UTF-32BE", 0x00, 0x00, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)]
    public void Decode_WideTextThatIsNone_IsRefused(string encoding, params int[] bytes) =>
        Message([.. bytes.Select(b => (byte)b)]).ShouldBe($"t: not valid {encoding}, expected text");

    [Fact]
    public void Decode_NoText_SaysWhatWasFound()
    {
        Message([.. "PK\u0003\u0004"u8]).ShouldBe("t: found a zip archive, expected text: unpack it first");
        Message(Encoding.Unicode.GetBytes("a")).ShouldBe(
            "t, line 1: found a zero byte, expected UTF-8 text (UTF-16 needs a byte order mark)");
    }

    [Fact]
    public void Decode_Gzip_IsTheTextWithin()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Zürich 東京\n", 10_000)));
        TextInput.Decode(Gzip(text), "t").ShouldBe(Encoding.UTF8.GetString(text));
        TextInput.Decode(Gzip(Latin1), "t", allowLatin1: true).ShouldBe("one\nZürich");
        TextInput.Decode(Gzip([]), "t").ShouldBeEmpty();
        Message(Gzip(Latin1)).ShouldBe("t, line 2: not valid UTF-8, expected UTF-8 text");
    }

    [Fact]
    public void Decode_GzipThatIsNotWhole_SaysSo()
    {
        byte[] whole = Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 10_000))));
        foreach (int length in new[] { 2, 4, 17, whole.Length / 2, whole.Length - 1 })
        {
            Message(whole[..length]).ShouldContain("gzip archive is");
        }

        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 0x10;
        Message(damaged).ShouldContain("gzip archive is");
        // As cat a.gz b.gz makes it, and bgzip.
        TextInput.Decode([.. whole, .. Gzip("more"u8.ToArray())], "t").ShouldBe(TextInput.Decode(whole, "t") + "more");
        Message([.. whole, .. whole[..^5]]).ShouldContain("gzip archive is");
        Message(Gzip(whole)).ShouldBe("t: found a gzip archive within a gzip archive, expected text: unpack it first");
    }

    [Fact]
    public void Decode_GzipOfTooMuch_IsRefusedBeforeItFillsTheMemory()
    {
        using MemoryStream archive = new();
        using (GZipStream gzip = new(archive, CompressionLevel.Fastest))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i <= 512; i++)
            {
                gzip.Write(zeros);
            }
        }
        Message(archive.ToArray()).ShouldBe("t: the gzip archive holds more than 512 MiB, expected at most so many");
    }

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream archive = new();
        using (GZipStream gzip = new(archive, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }
        return archive.ToArray();
    }

    private static string Message(byte[] bytes) => Should.Throw<InvalidInputException>(() => TextInput.Decode(bytes, "t")).Message;
}

using System.Text;

namespace AkkaLb.Domain.Tests;

public class TextInputTests
{
    private static readonly byte[] Latin1 = Encoding.Latin1.GetBytes("one\nZürich");

    [Fact]
    public void Decode_UnicodeWithOrWithoutMark_IsTheText()
    {
        const string text = "Zürich 東京 🚀\n";
        foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
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

    [Fact]
    public void Decode_NoText_SaysWhatWasFound()
    {
        Message([0x1F, 0x8B, 8, 0]).ShouldBe("t: found a gzip archive, expected text: unpack it first");
        Message([.. "PK\u0003\u0004"u8]).ShouldBe("t: found a zip archive, expected text: unpack it first");
        Message(Encoding.Unicode.GetBytes("a")).ShouldBe(
            "t, line 1: found a zero byte, expected UTF-8 text (UTF-16 needs a byte order mark)");
    }

    private static string Message(byte[] bytes) => Should.Throw<InvalidInputException>(() => TextInput.Decode(bytes, "t")).Message;
}

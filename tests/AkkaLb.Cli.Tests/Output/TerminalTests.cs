using AkkaLb.Cli.Output;

namespace AkkaLb.Cli.Tests.Output;

public class TerminalTests
{
    [Theory]
    [InlineData("4.0 s", 4)]
    [InlineData("59.9 s", 59.9)]
    [InlineData("1 min 00 s", 60)]
    [InlineData("59 min 59 s", 3599)]
    [InlineData("26 h 05 min", 26 * 3600 + 5 * 60)]
    public void Duration_Seconds_UsesTheTwoLargestUnits(string expected, double seconds) =>
        Terminal.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("runs/1", "runs/1")]
    [InlineData("my runs", "'my runs'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("", "''")]
    public void ShellWord_Text_IsOneWord(string text, string expected) => Terminal.ShellWord(text).ShouldBe(expected);

    [Theory]
    [InlineData(0.0207, "37.5 % lower")]
    [InlineData(0.0364, "10.0 % higher")]
    [InlineData(0.0331, "equal")]
    public void Against_Reference_SaysWhichWay(double value, string expected) => Terminal.Against(0.0331, value).ShouldBe(expected);

    [Fact]
    public void OneLine_SeveralLines_Joins() => Terminal.OneLine("a\r\n  b\n\nc\n").ShouldBe("a b c");

    [Fact]
    public void OneLine_OfAFileWithEscapes_SteersNoTerminal() => Terminal.OneLine("a\u001b[31m\u0007é").ShouldBe("a�[31m�é");
}

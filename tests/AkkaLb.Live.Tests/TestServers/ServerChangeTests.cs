using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Tests.TestServers;

public class ServerChangeTests
{
    [Theory]
    [InlineData("20s 6 speed 0.5", 20, 6, ServerChangeKind.Speed, 0.5)]
    [InlineData("1.5s 0 delay 200ms", 1.5, 0, ServerChangeKind.Delay, 0.2)]
    [InlineData("500ms 0 delay 2s", 0.5, 0, ServerChangeKind.Delay, 2)]
    [InlineData("0s 1 errors 0.25", 0, 1, ServerChangeKind.Errors, 0.25)]
    [InlineData(" 3s  1  resets  1 ", 3, 1, ServerChangeKind.Resets, 1)]
    [InlineData("3s 2 heal", 3, 2, ServerChangeKind.Heal, 0)]
    [InlineData("3s 2 fail", 3, 2, ServerChangeKind.Fail, 0)]
    [InlineData("3s 2 return", 3, 2, ServerChangeKind.Return, 0)]
    [InlineData("3s 2 add", 3, 2, ServerChangeKind.Add, 0)]
    public void Parse_Change_IsRead(string text, double seconds, int server, ServerChangeKind kind, double value) =>
        ServerChange.Parse(text, 7).ShouldBe(new ServerChange(TimeSpan.FromSeconds(seconds), server, kind, value));

    [Theory]
    [InlineData("")]
    [InlineData("20s")]
    [InlineData("20s 6")]
    [InlineData("20 6 fail")]
    [InlineData("-1s 6 fail")]
    [InlineData("20s 7 fail")]
    [InlineData("20s -1 fail")]
    [InlineData("20s 6 fail now")]
    [InlineData("20s 6 speed")]
    [InlineData("20s 6 speed 0")]
    [InlineData("20s 6 speed NaN")]
    [InlineData("20s 6 speed fast")]
    [InlineData("20s 6 errors 1.1")]
    [InlineData("20s 6 delay 5")]
    [InlineData("20s 6 drain")]
    public void Parse_SomethingElse_IsNoChange(string text) => ServerChange.Parse(text, 7).ShouldBeNull();

    [Theory]
    [InlineData("6 speed 0.5")]
    [InlineData("6 delay 0.25s")]
    [InlineData("6 errors 0.125")]
    [InlineData("6 heal")]
    [InlineData("0 add")]
    public void ToString_Change_IsReadBackToIt(string text) => ServerChange.ParseUntimed(text, 7)!.ToString().ShouldBe(text);
}

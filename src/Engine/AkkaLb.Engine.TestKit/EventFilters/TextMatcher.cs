using System.Text.RegularExpressions;

namespace AkkaLb.Engine.TestKit;

/// <summary>A condition on a text.</summary>
internal sealed class TextMatcher
{
    private readonly string description;
    private readonly Predicate<string> isMatch;

    private TextMatcher(string description, Predicate<string> isMatch)
    {
        this.description = description;
        this.isMatch = isMatch;
    }

    public static TextMatcher For(string? message, string? start, string? contains) =>
        message is not null ? new($"'{message}'", text => text == message)
        : start is not null ? new($"starting with '{start}'", text => text.StartsWith(start, StringComparison.Ordinal))
        : contains is not null ? new($"containing '{contains}'", text => text.Contains(contains, StringComparison.Ordinal))
        : new("with any text", static _ => true);

    public static TextMatcher For(Regex pattern) => new($"matching /{pattern}/", pattern.IsMatch);

    public bool IsMatch(string? text) => isMatch(text ?? "null");

    public override string ToString() => description;
}

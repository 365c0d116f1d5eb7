namespace AkkaLb.Hocon.Tests;

public class HoconErrorTests
{
    [Theory]
    [InlineData(
        "a {\n  b = 1\n", "line 3, column 1: expected '}' to close the object opened at line 1, column 3 but found the end of the text")]
    [InlineData(
        "a = [1, 2\nb = 3",
        "line 2, column 3: expected ',', '}' or the end of the line but found '='; a string that contains it needs quotes")]
    [InlineData("a = [1, 2", "line 1, column 10: expected ']' to close the array opened at line 1, column 5 but found the end of the text")]
    [InlineData("a = {b = 1]", "line 1, column 11: expected '}' to close the object opened at line 1, column 5 but found ']'")]
    [InlineData("a = 1 }", "line 1, column 7: expected a key or the end of the text but found '}'")]
    [InlineData("{ a = 1 } b", "line 1, column 11: expected the end of the text but found 'b'")]
    [InlineData("a", "line 1, column 2: expected '=', ':', '+=' or '{' after key 'a' but found the end of the text")]
    [InlineData("a.b ]", "line 1, column 5: expected '=', ':', '+=' or '{' after key 'a.b' but found ']'")]
    [InlineData("a..b = 1", "line 1, column 3: expected a key after '.' but found '.'")]
    [InlineData(".a = 1", "line 1, column 1: expected a key but found '.'")]
    [InlineData("= 1", "line 1, column 1: expected a key but found '='")]
    [InlineData("a = 1,,b = 2", "line 1, column 7: expected a field after ',' but found ','")]
    [InlineData("a = [1,,2]", "line 1, column 8: expected an item after ',' but found ','")]
    [InlineData(
        "a = {b=1} c=2",
        "line 1, column 12: expected ',', '}' or the end of the line but found '='; a string that contains it needs quotes")]
    [InlineData("x = 1\na =\nb = 2", "line 2, column 3: expected a value for key 'a' on the same line")]
    [InlineData("a = , b = 1", "line 1, column 4: expected a value for key 'a' but found ','")]
    [InlineData(
        "a = http://example.org",
        "line 1, column 9: expected ',', '}' or the end of the line but found ':'; a string that contains it needs quotes")]
    [InlineData("a = \"open\nb = 1", "line 1, column 5: expected '\"' to close this string but found the end of the line")]
    [InlineData("\na = \"\"\"open\n", "line 2, column 5: expected '\"\"\"' to close this string but found the end of the text")]
    [InlineData("a = \"\\x\"", "line 1, column 6: expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")]
    [InlineData(
        "a = ${b", "line 1, column 8: expected '}' to close the substitution opened at line 1, column 5 but found the end of the text")]
    [InlineData("a = \"x\\ud800\"", "line 1, column 5: expected Unicode text in this string but found half of a surrogate pair")]
    [InlineData("\"\\udc00\\ud800\" = 1", "line 1, column 1: expected Unicode text in this string but found half of a surrogate pair")]
    [InlineData("a = ${}", "line 1, column 7: expected a path in the substitution but found '}'")]
    [InlineData(
        "include \"x\"", "line 1, column 1: cannot include \"x\": this text is not read from a file and no include callback is given")]
    [InlineData("include file(x)", "line 1, column 14: expected a quoted name to include but found 'x'")]
    [InlineData("include file(\"x\"", "line 1, column 17: expected ')' to close the include but found the end of the text")]
    public void Parse_MalformedText_NamesLineColumnAndWhatWasExpected(string hocon, string message) =>
        Should.Throw<HoconException>(() => Config.Parse(hocon)).Message.ShouldBe(message);

    [Theory]
    [InlineData("b = 1\na = ${nowhere.at.all}",
        "line 2, column 5: substitution ${nowhere.at.all} is not defined; expected a key 'nowhere.at.all', an environment variable, or "
            + "${?nowhere.at.all}")]
    [InlineData("a = ${a}", "line 1, column 5: substitution ${a} is part of a cycle")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", "line 3, column 5: substitution ${a} is part of a cycle")]
    [InlineData("a { x = ${a.y}, y = ${a.x} }", "line 1, column 21: substitution ${a.x} is part of a cycle")]
    [InlineData("a = [1] {b = 1}", "line 1, column 5: cannot join an array with an object")]
    [InlineData("b = 1\na = ${b} {c = 1}", "line 2, column 10: cannot join an object with \"1\"")]
    public void Access_UnresolvableValue_NamesItsPlace(string hocon, string message)
    {
        Config config = Config.Parse(hocon);

        Should.Throw<HoconException>(() => config.GetString("z")).Message.ShouldBe(message);
    }

    [Fact]
    public void Parse_ExcessiveNesting_IsAnErrorAndNoOverflow() =>
        Should.Throw<HoconException>(() => Config.Parse("a = " + new string('[', 100_000)))
            .Message.ShouldBe("line 1, column 255: expected at most 250 nested objects and arrays");

    [Theory]
    [InlineData("", 200_000, "")]
    [InlineData("a.b { ", 249, " }")]
    public void Parse_ExcessivePath_IsAnErrorAndNoOverflow(string before, int keys, string after) =>
        Should.Throw<HoconException>(() => Config.Parse($"{before}{string.Join('.', Enumerable.Repeat("a", keys))} = 1{after}"))
            .Message.ShouldBe($"line 1, column {before.Length + 1}: expected at most 250 keys inside each other");

    [Theory]
    [InlineData("integer", "line 2, column 5: 'o.v' is \"abc\"; expected an integer")]
    [InlineData("boolean", "line 2, column 5: 'o.v' is \"abc\"; expected true or false")]
    [InlineData("duration", "line 2, column 5: 'o.v' is \"abc\"; expected a duration such as 100ms, 2s or 5m")]
    [InlineData("list", "line 2, column 5: 'o.v' is \"abc\"; expected an array")]
    [InlineData("object as string", "line 1, column 3: 'o' is an object; expected a string")]
    [InlineData("item", "line 3, column 9: 'o.l[1]' is an array; expected a string")]
    public void Get_ValueOfAnotherType_NamesPathValueAndWhatWasExpected(string getter, string message)
    {
        Config config = Config.Parse("o {\nv = abc\nl = [1, [x]] }");
        Action get = getter switch
        {
            "integer" => () => config.GetLong("o.v"),
            "boolean" => () => config.GetBoolean("o.v"),
            "duration" => () => config.GetTimeSpan("o.v"),
            "list" => () => config.GetStringList("o.v"),
            "item" => () => config.GetStringList("o.l"),
            _ => () => config.GetString("o"),
        };

        Should.Throw<HoconException>(get).Message.ShouldBe(message);
    }
}

namespace AkkaLb.Hocon.Tests;

/// <summary>Golden cases of the HOCON specification (github.com/lightbend/config, HOCON.md), section by section.</summary>
public class HoconSyntaxTests
{
    [Theory]
    // Documents
    [InlineData("a = 1", "a : 1")]
    [InlineData("{ a : 1 }", "a : 1")]
    [InlineData("\uFEFF{ \"a\" : 1 } # end", "a : 1")]
    [InlineData("", "")]
    [InlineData("  // only a comment\n# and another", "")]
    // Separators, newlines and trailing commas
    [InlineData("a=1,b=2", "a : 1|b : 2")]
    [InlineData("a=1\n\n,\n\nb=2,\n", "a : 1|b : 2")]
    [InlineData("a=1\r\nb=2\r\n", "a : 1|b : 2")]
    [InlineData("a\n{\n b\n =\n 1\n}", "a {|  b : 1|}")]
    [InlineData("a = [1, 2,\n 3\n 4,\n]", "a : [1, 2, 3, 4]")]
    [InlineData("a = []", "a : []")]
    [InlineData("a = [[1 2], [{b=1}]]", "a : [[\"1 2\"], [{b : 1}]]")]
    // Comments
    [InlineData("a = 1 // one\nb = 2 # two\n# c = 3", "a : 1|b : 2")]
    [InlineData("a = \"# // no comment\"", "a : \"# // no comment\"")]
    [InlineData("a = [ 1 # one\n 2 // two\n ]", "a : [1, 2]")]
    // Keys and paths
    [InlineData("a.b.c = 1", "a {|  b {|    c : 1|  }|}")]
    [InlineData("a.\"b.c\".d = 1", "a {|  \"b.c\" {|    d : 1|  }|}")]
    [InlineData("\"\" = 1", "\"\" : 1")]
    [InlineData("3.14 = 1", "3 {|  14 : 1|}")]
    [InlineData("1 { 2 = x }", "1 {|  2 : x|}")]
    [InlineData("a b c = 1", "\"a b c\" : 1")]
    [InlineData("a\"b\"c = 1", "abc : 1")]
    [InlineData("/user/worker-1 = x", "/user/worker-1 : x")]
    [InlineData("include = 1", "\"include\" : 1")]
    [InlineData("includes.a = 1", "includes {|  a : 1|}")]
    // Duplicate keys and object merging
    [InlineData("a=1\na=2", "a : 2")]
    [InlineData("a {b=1}, a {c=2}", "a {|  b : 1|  c : 2|}")]
    [InlineData("a {b=1}, a = 5, a {c=2}", "a {|  c : 2|}")]
    [InlineData("a {b {c=1}}, a.b.d = 2, a {b {c=3}}", "a {|  b {|    c : 3|    d : 2|  }|}")]
    [InlineData("a {b=1}, a = null, a {c=2}", "a {|  c : 2|}")]
    // Concatenation
    [InlineData("a = foo bar   baz  ", "a : \"foo bar   baz\"")]
    [InlineData("a = \"x \"y' z", "a : \"x y' z\"")]
    [InlineData("a = 1 null true", "a : \"1 null true\"")]
    [InlineData("a = [1] [2]", "a : [1, 2]")]
    [InlineData("a = {b=1} {c=2}", "a {|  b : 1|  c : 2|}")]
    // Strings
    [InlineData("a = \"\\u0041\\n\\t\\\\\\\"\\/\"", "a : \"A\\n\\t\\\\\\\"/\"")]
    [InlineData("a = \"\"\"x \"y\"\n\\n\"\"\"", "a : \"x \\\"y\\\"\\n\\\\n\"")]
    [InlineData("a = \"\"\"x\"\"\"\"", "a : \"x\\\"\"")]
    [InlineData("a = \"\"\"\"\"\"", "a : \"\"")]
    [InlineData("a = \"null\"\nb = null", "a : \"null\"|b : null")]
    [InlineData("a = 1e+5", "a : \"1e+5\"")]
    // += appends, and makes the list when there is none
    [InlineData("a += 1\na += 2", "a : [1, 2]")]
    [InlineData("a = [1]\na += {b=2}", "a : [1, {b : 2}]")]
    [InlineData("o { a = [1] }\no.a += 2", "o {|  a : [1, 2]|}")]
    [InlineData("o { a = [1], a += 2 }", "o {|  a : [1, 2]|}")]
    public void Parse_SpecificationCase_GivesItsMeaning(string hocon, string expected) =>
        Lines(Config.Parse(hocon)).ShouldBe(expected);

    [Theory]
    [InlineData("a = ${b}\nb = 1", "a : 1|b : 1")]
    [InlineData("b = 1\na = ${b}\nb = 2", "b : 2|a : 2")]
    [InlineData("a = ${?nowhere.at.all}\nb = 1", "b : 1")]
    [InlineData("a = 1\na = ${?nowhere.at.all}", "a : 1")]
    [InlineData("a = x${?nowhere.at.all}y", "a : xy")]
    [InlineData("a = ${?no.x}${?no.y}", "")]
    [InlineData("a = [1, ${?no.x}, 2]", "a : [1, 2]")]
    [InlineData("a = ${b} [3]\nb = [1, 2]", "a : [1, 2, 3]|b : [1, 2]")]
    [InlineData("n = 5\na = ${n} seconds", "n : 5|a : \"5 seconds\"")]
    [InlineData("b = null\na = ${b}", "b : null|a : null")]
    [InlineData("b { x = 1, y = 2 }\na = ${b} { y = 3 }", "b {|  x : 1|  y : 2|}|a {|  x : 1|  y : 3|}")]
    [InlineData("b { x = 1 }\na { y = 2 }\na = ${b}", "b {|  x : 1|}|a {|  y : 2|  x : 1|}")]
    [InlineData("b { x = 1 }\na = ${b}\na.x = 2", "b {|  x : 1|}|a {|  x : 2|}")]
    [InlineData("b = 7\na { y = 2 }\na = ${b}", "b : 7|a : 7")]
    [InlineData("\"x.y\" = 1\na = ${\"x.y\"}", "\"x.y\" : 1|a : 1")]
    // Self-references look back
    [InlineData("a = x\na = ${a}y\na = ${a}z", "a : xyz")]
    [InlineData("a = [1]\na = ${a} [2]\na = [0] ${a}", "a : [0, 1, 2]")]
    [InlineData("a = ${?a}x", "a : x")]
    [InlineData("a { b = 1 }\na = ${a} { c = ${a.b} }", "a {|  b : 1|  c : 1|}")]
    [InlineData("a { b { c = 1 } }\na = ${a.b}", "a {|  b {|    c : 1|  }|  c : 1|}")]
    // References into the object at hand are no cycle
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", "bar {|  foo : 42|  baz : 42|}")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }\nbar { foo = 43 }", "bar {|  foo : 43|  baz : 43|}")]
    [InlineData(
        "bar { a = ${foo.d}, b = 1 }\nbar.b = 3\nfoo { c = ${bar.b}, d = 2 }\nfoo.d = 4",
        "bar {|  a : 4|  b : 3|}|foo {|  c : 3|  d : 4|}")]
    // A cycle through hidden values ends at an older one; optional cycles vanish
    [InlineData("a = 1\nb = 2\na = ${b}\nb = ${a}", "a : 1|b : 2")]
    [InlineData("a = ${?b}\nb = ${?a}\nc = 1", "c : 1")]
    public void Parse_Substitution_GivesItsMeaning(string hocon, string expected) =>
        Lines(Config.Parse(hocon)).ShouldBe(expected);

    [Fact]
    public void Substitution_OfAnEnvironmentVariable_IsItsText()
    {
        const string Name = "AKKALB_HOCON_TEST";
        Environment.SetEnvironmentVariable(Name, "from outside");
        try
        {
            Config config = Config.Parse($"a = ${{{Name}}}\nb = ${{?{Name}}} too\n{Name}_2 = inside\nc = ${{{Name}_2}}");

            config.GetString("a").ShouldBe("from outside");
            config.GetString("b").ShouldBe("from outside too");
            config.GetString("c").ShouldBe("inside");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    private static string Lines(Config config) => config.ToString().TrimEnd('\n').Replace('\n', '|');
}

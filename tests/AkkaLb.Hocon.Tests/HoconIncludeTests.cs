namespace AkkaLb.Hocon.Tests;

public class HoconIncludeTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["base.conf"] = "a = 1\nb { c = 2 }",
        ["nested.conf"] = "include \"base.conf\"\nn = ${a}",
        ["relative.conf"] = "x = 5\ny = ${x}\nz = ${outer}",
        ["append.conf"] = "list += 2",
        ["deep.conf"] = "inner { include \"relative.conf\" }",
        ["broken.conf"] = "a = 1\nb = ]",
        ["undefined.conf"] = "\nu = ${missing}",
        ["wrong.conf"] = "\nn = many",
    };

    [Theory]
    [InlineData("include \"base.conf\"")]
    [InlineData("include file(\"base.conf\")")]
    [InlineData("include classpath( \"base.conf\" )")]
    [InlineData("include required(\"base.conf\")")]
    [InlineData("include required( file(\"base.conf\") )")]
    [InlineData("include \"base.conf\", d = 1")]
    public void Include_EachForm_BringsTheFilesKeys(string hocon)
    {
        Config config = Parse(hocon);

        config.GetLong("a").ShouldBe(1);
        config.GetLong("b.c").ShouldBe(2);
    }

    [Fact]
    public void Include_LaterKeysWin_AndObjectsMerge()
    {
        Config config = Parse("a = 0\nb.d = 3\ninclude \"base.conf\"\nb.c = 4");

        config.GetLong("a").ShouldBe(1);
        config.GetLong("b.c").ShouldBe(4);
        config.GetLong("b.d").ShouldBe(3);
    }

    [Fact]
    public void Include_OfAFileThatIncludes_Works() => Parse("include \"nested.conf\"\na = 9").GetLong("n").ShouldBe(9);

    [Fact]
    public void Include_InAnObject_ResolvesRelativeFirstThenAbsolute()
    {
        Config config = Parse("outer = 7\nx = 1\no { include \"relative.conf\" }");

        config.GetLong("o.y").ShouldBe(5);
        config.GetLong("o.z").ShouldBe(7);
        config.GetLong("x").ShouldBe(1);
    }

    [Fact]
    public void Include_TwiceAtDifferentPlaces_KeepsThemApart()
    {
        Config config = Parse("outer = 7\np { include \"deep.conf\" }\np.inner.x = 6\nq { include \"deep.conf\" }");

        config.GetLong("p.inner.y").ShouldBe(6);
        config.GetLong("q.inner.y").ShouldBe(5);
    }

    [Fact]
    public void Include_WithAppend_AppendsToTheIncludersList() =>
        Parse("o { list = [1]\n include \"append.conf\" }").GetStringList("o.list").ShouldBe(["1", "2"]);

    [Fact]
    public void Include_OfAMissingFile_IsIgnoredUnlessRequired()
    {
        Parse("include \"none.conf\"\na = 1").GetLong("a").ShouldBe(1);
        Should.Throw<HoconException>(() => Parse("\n include required(\"none.conf\")"))
            .Message.ShouldBe("line 2, column 2: required include \"none.conf\" not found");
    }

    [Fact]
    public void Include_Errors_NameTheIncludedFile()
    {
        Should.Throw<HoconException>(() => Parse("include \"broken.conf\"")).Message
            .ShouldBe("line 1, column 1: included \"broken.conf\": line 2, column 4: expected a value for key 'b' but found ']'");
        Should.Throw<HoconException>(() => Parse("include \"undefined.conf\"").GetString("u")).Message
            .ShouldStartWith("undefined.conf: line 2, column 5: substitution ${missing} is not defined");
        Should.Throw<HoconException>(() => Parse("include \"wrong.conf\"").GetLong("n")).Message
            .ShouldStartWith("wrong.conf: line 2, column 5: 'n' is \"many\"");
    }

    private static Config Parse(string hocon) => Config.Parse(hocon, Include);

    private static HoconRoot? Include(string name) => Files.TryGetValue(name, out string? text) ? HoconRoot.Parse(text, Include) : null;
}

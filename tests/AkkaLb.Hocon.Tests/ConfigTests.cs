namespace AkkaLb.Hocon.Tests;

public class ConfigTests
{
    private static readonly Config Sample = Config.Parse("""
        text = hello, number = 42, real = 2.5, large = 9000000000, yes = on, no = off, nothing = null
        list = [1, 2, 3], words = [a, "b c"]
        o { p.q = 1, "r.s" = 2 }
        """);

    [Fact]
    public void Get_EachType_ReadsItsValue()
    {
        Sample.GetString("text").ShouldBe("hello");
        Sample.GetString("number").ShouldBe("42");
        Sample.GetLong("number").ShouldBe(42);
        Sample.GetLong("large").ShouldBe(9_000_000_000);
        Sample.GetDouble("real").ShouldBe(2.5);
        Sample.GetBoolean("yes").ShouldBeTrue();
        Sample.GetBoolean("no", true).ShouldBeFalse();
        Sample.GetStringList("list").ShouldBe(["1", "2", "3"]);
        Sample.GetStringList("words").ShouldBe(["a", "b c"]);
        Sample.GetLong("o.p.q").ShouldBe(1);
        Sample.GetLong("o.\"r.s\"").ShouldBe(2);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("nothing")]
    [InlineData("o.missing.deeper")]
    [InlineData("text.below")]
    public void Get_MissingOrNull_GivesTheDefault(string path)
    {
        Sample.GetString(path).ShouldBeNull();
        Sample.GetString(path, "d").ShouldBe("d");
        Sample.GetLong(path, 7).ShouldBe(7);
        Sample.GetDouble(path, 7).ShouldBe(7);
        Sample.GetBoolean(path, true).ShouldBeTrue();
        Sample.GetTimeSpan(path, TimeSpan.FromSeconds(7)).ShouldBe(TimeSpan.FromSeconds(7));
        Sample.GetTimeSpan(path).ShouldBe(TimeSpan.Zero);
        Sample.GetStringList(path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("100", 100 * TimeSpan.TicksPerMillisecond)]
    [InlineData("100ms", 100 * TimeSpan.TicksPerMillisecond)]
    [InlineData("1.5 s", 1500 * TimeSpan.TicksPerMillisecond)]
    [InlineData("\"2 seconds\"", 2 * TimeSpan.TicksPerSecond)]
    [InlineData("1 second", TimeSpan.TicksPerSecond)]
    [InlineData("3m", 3 * TimeSpan.TicksPerMinute)]
    [InlineData("3 minutes", 3 * TimeSpan.TicksPerMinute)]
    [InlineData("4h", 4 * TimeSpan.TicksPerHour)]
    [InlineData("1 hour", TimeSpan.TicksPerHour)]
    [InlineData("2 d", 2 * TimeSpan.TicksPerDay)]
    [InlineData("5us", 50)]
    [InlineData("5 microseconds", 50)]
    [InlineData("700ns", 7)]
    [InlineData("0s", 0)]
    public void GetTimeSpan_EachUnit_Counts(string text, long ticks) =>
        Config.Parse($"v = {text}").GetTimeSpan("v").Ticks.ShouldBe(ticks);

    [Theory]
    [InlineData("-1s")]
    [InlineData("1 fortnight")]
    [InlineData("s")]
    [InlineData("infinite")]
    [InlineData("1e30 d")]
    public void GetTimeSpan_NoDuration_Throws(string text) =>
        Should.Throw<HoconException>(() => Config.Parse($"v = {text}").GetTimeSpan("v"))
            .Message.ShouldContain("expected a duration");

    [Fact]
    public void HasPath_KnowsLeavesAndObjects()
    {
        Sample.HasPath("o").ShouldBeTrue();
        Sample.HasPath("o.p.q").ShouldBeTrue();
        Sample.HasPath("o.p.x").ShouldBeFalse();
        Sample.HasPath("nothing").ShouldBeTrue();
    }

    [Fact]
    public void WithFallback_FillsWhatIsMissing()
    {
        Config top = Config.Parse("a { b = 1, l = [1] }\ns = 1");
        Config bottom = Config.Parse("a { b = 2, c = 3, l = [2, 3] }\ns { t = 4 }\nu = 5");
        Config merged = top.WithFallback(bottom);

        merged.GetLong("a.b").ShouldBe(1);
        merged.GetLong("a.c").ShouldBe(3);
        merged.GetStringList("a.l").ShouldBe(["1"]);
        merged.HasPath("s.t").ShouldBeFalse();
        merged.GetLong("u").ShouldBe(5);
        top.HasPath("u").ShouldBeFalse();
        merged.Fallback.ShouldBeSameAs(bottom);
    }

    [Fact]
    public void WithFallback_Itself_Throws() => Should.Throw<ArgumentException>(() => Sample.WithFallback(Sample));

    [Fact]
    public void WithFallback_ScalarBetweenObjects_HidesTheLowest()
    {
        Config a = Config.Parse("o { x = 1 }"), b = Config.Parse("o = 5"), c = Config.Parse("o { x = 2, y = 3 }");

        a.WithFallback(b).WithFallback(c).HasPath("o.y").ShouldBeFalse();
        a.WithFallback(b.WithFallback(c)).HasPath("o.y").ShouldBeFalse();
    }

    [Fact]
    public void Substitution_PrefersItsOwnDocument_ThenFallbacks()
    {
        Config top = Config.Parse("a = ${b}\nb = own\nc = ${d}\npath = ${path}\":/bin\"\nlist += 2");
        Config bottom = Config.Parse("b = other\nd = below\npath = \"/usr\"\nlist = [1]\ne = ${b}");
        Config merged = top.WithFallback(bottom);

        merged.GetString("a").ShouldBe("own");
        merged.GetString("c").ShouldBe("below");
        merged.GetString("path").ShouldBe("/usr:/bin");
        merged.GetStringList("list").ShouldBe(["1", "2"]);
        merged.GetString("e").ShouldBe("other");
    }

    [Fact]
    public void IsEmpty_IsTrueWithoutKeysOnly()
    {
        Config.Empty.IsEmpty.ShouldBeTrue();
        Config.Parse("# nothing").IsEmpty.ShouldBeTrue();
        Config.Empty.WithFallback(Sample).IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void ToString_PrintsTheMergedConfiguration() =>
        Config.Parse("a.b = 1\nl = [[1, {x = y}], \"$ z\"]").WithFallback(Config.Parse("a { b = 2, c = \"x y\" }")).ToString()
            .ShouldBe("a {\n  b : 1\n  c : \"x y\"\n}\nl : [[1, {x : y}], \"$ z\"]\n");

    [Fact]
    public void HoconValue_GivesItsParts()
    {
        HoconValue value = Sample.GetValue("o")!;

        value.IsObject().ShouldBeTrue();
        value.GetObject().Items.Keys.ShouldBe(["p", "r.s"]);
        value.GetChildObject("p")!.GetChildObject("q")!.GetString().ShouldBe("1");
        Sample.GetValue("list")!.GetArray().Select(item => item.GetString()).ShouldBe(["1", "2", "3"]);
        Config.Parse("l = []").GetValue("l")!.IsArray().ShouldBeTrue();
    }
}

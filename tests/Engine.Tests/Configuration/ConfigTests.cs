using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Engine.Tests.Configuration;

public class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        text = hello, number = 42, real = 2.5, large = 9000000000, yes = on, no = off, nothing = null
        list = [1, 2, 3], words = [a, "b c"], truths = [true, off]
        o { p.q = 1, "r.s" = 2 }
        """);

    [Fact]
    public void Get_EachType_ReadsItsValue()
    {
        Sample.GetString("text").ShouldBe("hello");
        Sample.GetString("number").ShouldBe("42");
        Sample.GetInt("number").ShouldBe(42);
        Sample.GetLong("large").ShouldBe(9_000_000_000);
        Sample.GetFloat("real").ShouldBe(2.5f);
        Sample.GetDouble("real").ShouldBe(2.5);
        Sample.GetDecimal("real").ShouldBe(2.5m);
        Sample.GetBoolean("yes").ShouldBeTrue();
        Sample.GetBoolean("no", true).ShouldBeFalse();
        Sample.GetIntList("list").ShouldBe([1, 2, 3]);
        Sample.GetLongList("list").ShouldBe([1L, 2L, 3L]);
        Sample.GetFloatList("list").ShouldBe([1f, 2f, 3f]);
        Sample.GetDoubleList("list").ShouldBe([1.0, 2.0, 3.0]);
        Sample.GetDecimalList("list").ShouldBe([1m, 2m, 3m]);
        Sample.GetByteList("list").ShouldBe([(byte)1, (byte)2, (byte)3]);
        Sample.GetStringList("words").ShouldBe(["a", "b c"]);
        Sample.GetBooleanList("truths").ShouldBe([true, false]);
        Sample.GetInt("o.p.q").ShouldBe(1);
        Sample.GetInt("o.\"r.s\"").ShouldBe(2);
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
        Sample.GetInt(path, 7).ShouldBe(7);
        Sample.GetDouble(path, 7).ShouldBe(7);
        Sample.GetBoolean(path, true).ShouldBeTrue();
        Sample.GetTimeSpan(path, TimeSpan.FromSeconds(7)).ShouldBe(TimeSpan.FromSeconds(7));
        Sample.GetTimeSpan(path).ShouldBe(TimeSpan.Zero);
        Sample.GetByteSize(path).ShouldBeNull();
        Sample.GetByteSize(path, 7).ShouldBe(7);
        Sample.GetConfig(path).ShouldBeNull();
        Sample.GetIntList(path).ShouldBeEmpty();
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
    [InlineData("infinite", -TimeSpan.TicksPerMillisecond)]
    public void GetTimeSpan_EachUnit_Counts(string text, long ticks) =>
        ConfigurationFactory.ParseString($"v = {text}").GetTimeSpan("v").Ticks.ShouldBe(ticks);

    [Theory]
    [InlineData("-1s")]
    [InlineData("1 fortnight")]
    [InlineData("s")]
    [InlineData("1e30 d")]
    public void GetTimeSpan_NoDuration_Throws(string text) =>
        Should.Throw<ConfigurationException>(() => ConfigurationFactory.ParseString($"v = {text}").GetTimeSpan("v"))
            .Message.ShouldContain("expected a duration");

    [Fact]
    public void GetTimeSpan_InfiniteNotAllowed_Throws() =>
        Should.Throw<ConfigurationException>(() => ConfigurationFactory.ParseString("v = infinite").GetTimeSpan("v", null, allowInfinite: false));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("9007199254740993 bytes", 9007199254740993)]
    [InlineData("1kB", 1000)]
    [InlineData("2 kilobytes", 2000)]
    [InlineData("1k", 1024)]
    [InlineData("1 KiB", 1024)]
    [InlineData("1.5K", 1536)]
    [InlineData("3MB", 3_000_000)]
    [InlineData("3 MiB", 3L << 20)]
    [InlineData("1m", 1L << 20)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("1 gibibyte", 1L << 30)]
    [InlineData("2T", 2L << 40)]
    public void GetByteSize_EachUnit_Counts(string text, long bytes) =>
        ConfigurationFactory.ParseString($"v = {text}").GetByteSize("v").ShouldBe(bytes);

    [Fact]
    public void HasPath_KnowsLeavesAndObjects()
    {
        Sample.HasPath("o").ShouldBeTrue();
        Sample.HasPath("o.p.q").ShouldBeTrue();
        Sample.HasPath("o.p.x").ShouldBeFalse();
        Sample.HasPath("nothing").ShouldBeTrue();
    }

    [Fact]
    public void GetConfig_IsTheObjectAlone()
    {
        Config o = Sample.GetConfig("o")!;

        o.GetInt("p.q").ShouldBe(1);
        o.HasPath("text").ShouldBeFalse();
        o.AsEnumerable().Select(item => item.Key).ShouldBe(["p", "r.s"]);
    }

    [Fact]
    public void WithFallback_FillsWhatIsMissing()
    {
        Config top = ConfigurationFactory.ParseString("a { b = 1, l = [1] }\ns = 1");
        Config bottom = ConfigurationFactory.ParseString("a { b = 2, c = 3, l = [2, 3] }\ns { t = 4 }\nu = 5");
        Config merged = top.WithFallback(bottom);

        merged.GetInt("a.b").ShouldBe(1);
        merged.GetInt("a.c").ShouldBe(3);
        merged.GetIntList("a.l").ShouldBe([1]);
        merged.HasPath("s.t").ShouldBeFalse();
        merged.GetInt("u").ShouldBe(5);
        merged.GetConfig("a")!.GetInt("c").ShouldBe(3);
        top.HasPath("u").ShouldBeFalse();
        merged.Fallback.ShouldBeSameAs(bottom);
    }

    [Fact]
    public void WithFallback_Itself_Throws() => Should.Throw<ArgumentException>(() => Sample.WithFallback(Sample));

    [Fact]
    public void WithFallback_ScalarBetweenObjects_HidesTheLowest()
    {
        Config a = "o { x = 1 }", b = "o = 5", c = "o { x = 2, y = 3 }";

        a.WithFallback(b).WithFallback(c).HasPath("o.y").ShouldBeFalse();
        a.WithFallback(b.WithFallback(c)).HasPath("o.y").ShouldBeFalse();
    }

    [Fact]
    public void Substitution_PrefersItsOwnDocument_ThenFallbacks()
    {
        Config top = ConfigurationFactory.ParseString("a = ${b}\nb = own\nc = ${d}\npath = ${path}\":/bin\"\nlist += 2");
        Config bottom = ConfigurationFactory.ParseString("b = other\nd = below\npath = \"/usr\"\nlist = [1]\ne = ${b}");
        Config merged = top.WithFallback(bottom);

        merged.GetString("a").ShouldBe("own");
        merged.GetString("c").ShouldBe("below");
        merged.GetString("path").ShouldBe("/usr:/bin");
        merged.GetIntList("list").ShouldBe([1, 2]);
        merged.GetString("e").ShouldBe("other");
    }

    [Fact]
    public void Operators_ParseAndFallBack()
    {
        Config config = "a = 1";

        (config + "a = 2, b = 3").GetInt("b").ShouldBe(3);
        ("a = 0" + config).GetInt("a").ShouldBe(0);
    }

    [Fact]
    public void IsEmpty_IsTrueWithoutKeysOnly()
    {
        Config.Empty.IsEmpty.ShouldBeTrue();
        ConfigurationFactory.Empty.IsEmpty.ShouldBeTrue();
        ConfigurationFactory.ParseString("# nothing").IsEmpty.ShouldBeTrue();
        Config.Empty.WithFallback(Sample).IsEmpty.ShouldBeFalse();
        ((Config?)null).IsNullOrEmpty().ShouldBeTrue();
    }

    [Fact]
    public void ToString_WithFallback_PrintsTheMergedConfiguration()
    {
        Config config = ConfigurationFactory.ParseString("a.b = 1").WithFallback("a { b = 2, c = \"x y\" }");

        config.ToString().ShouldBe("a {\n  b : 1\n}\n");
        config.ToString(includeFallback: true).ShouldBe("a {\n  b : 1\n  c : \"x y\"\n}\n");
    }

    [Fact]
    public void HoconValue_GivesItsPartsAsConfigurations()
    {
        HoconValue value = Sample.GetValue("o")!;

        value.IsObject().ShouldBeTrue();
        value.GetObject().Items.Keys.ShouldBe(["p", "r.s"]);
        value.GetChildObject("p")!.GetChildObject("q")!.GetInt().ShouldBe(1);
        value.AtKey("k").GetInt("k.p.q").ShouldBe(1);
        value.ToConfig().GetInt("p.q").ShouldBe(1);
        Sample.GetValue("list")!.GetArray().Select(item => item.GetInt()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void FromResource_Missing_NamesIt() =>
        Should.Throw<ConfigurationException>(() => ConfigurationFactory.FromResource<ConfigTests>("no.such.conf"))
            .Message.ShouldBe("resource 'no.such.conf' not found in Engine.Tests");

    [Fact]
    public void Default_IsTheReferenceConfiguration() => ConfigurationFactory.Default().HasPath("akka").ShouldBeTrue();
}

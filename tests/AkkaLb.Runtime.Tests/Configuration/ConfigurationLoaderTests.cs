using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Error(string content, params string[] overrides) =>
        Should.Throw<InvalidInputException>(() => ConfigurationLoader.Load(_folder.Write("a.conf", content), overrides)).Message;

    [Theory]
    [InlineData("a.conf", "a.conf")]
    [InlineData("b.conf", "a.conf")]
    public void Load_IncludeCycle_IsRefusedInOneLine(string included, string back)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("a.conf", $"include \"{included}\"\n");
        folder.Write("b.conf", $"include \"{back}\"\n");
        Should.Throw<InvalidInputException>(() => ConfigurationLoader.Load(file, [])).Message
            .ShouldEndWith($"include \"{(included == "a.conf" ? included : back)}\" leads back to {file}, expected no cycle");
    }

    /// <summary>Twice is no cycle.</summary>
    [Fact]
    public void Load_FileIncludedTwice_IsRead()
    {
        using TemporaryFolder folder = new();
        folder.Write("seed.conf", "akkalb.seed = 7\n");
        string file = folder.Write("a.conf", "include \"seed.conf\"\ninclude \"seed.conf\"\n");
        ConfigurationLoader.Load(file, []).GetLong("akkalb.seed").ShouldBe(7);
    }

    [Fact]
    public void Load_FileAndOverride_OverrideWinsOverFileOverReference()
    {
        Config config = ConfigurationLoader.Load(
            _folder.Write("a.conf", "akkalb.network.training { episodes = 10, horizons = 7 }"),
            ["network.training.episodes=11", "akkalb.seed=9", "akka.loglevel=DEBUG"]);
        config.GetLong("akkalb.network.training.episodes").ShouldBe(11);
        config.GetLong("akkalb.network.training.horizons").ShouldBe(7);
        config.GetLong("akkalb.network.training.minibatch").ShouldBe(25);
        config.GetLong("akkalb.seed").ShouldBe(9);
        config.GetString("akka.loglevel").ShouldBe("DEBUG");
    }

    [Fact]
    public void Load_Include_IsRelativeToTheFile()
    {
        _folder.Write("common.conf", "akkalb.seed = 42");
        ConfigurationLoader.Load(_folder.Write("a.conf", "include \"common.conf\""), []).GetLong("akkalb.seed").ShouldBe(42);
    }

    /// <summary>Who set a value is told what is wrong with it: an override, an included file, or the file itself.</summary>
    [Theory]
    [InlineData("akkalb.network.training.episodes = 5", "network.training.episodes=0", "--set network.training.episodes=0")]
    [InlineData("include \"common.conf\"", "seed=1", "common.conf")]
    [InlineData("akkalb.network.training.episodes = 0", "seed=1", "a.conf")]
    [InlineData("include \"zero.conf\"\nakkalb.network.training.episodes = ${akkalb.seed}", "seed=1", "a.conf")]
    public void Integer_OutOfRange_NamesWhoSetIt(string content, string pair, string named)
    {
        _folder.Write("common.conf", "akkalb.network.training.episodes = 0");
        _folder.Write("zero.conf", "akkalb.seed = 0");
        SectionReader reader = new(ConfigurationLoader.Load(_folder.Write("a.conf", content), [pair]), "a.conf");
        reader.Integer("akkalb.network.training.episodes", 1);
        Should.Throw<InvalidInputException>(reader.ThrowIfInvalid).Message
            .ShouldBe($"{named}: 'akkalb.network.training.episodes' is '0', expected an integer from 1");
    }

    [Fact]
    public void Load_OverrideThatCannotBeResolved_NamesItOnce() =>
        Error("akkalb.seed = 1", "seed=${nope}").ShouldStartWith("--set seed=${nope}: line 1");

    [Fact]
    public void Load_MissingInclude_NamesIt() => Error("include required(\"none.conf\")").ShouldContain("none.conf");

    [Fact]
    public void Load_UnknownKey_NamesFileAndKeyAndTheNearest() =>
        Error("akkalb.network.training.episods = 5")
            .ShouldBe($"{_folder["a.conf"]}: unknown key 'akkalb.network.training.episods'; did you mean "
                + "'akkalb.network.training.episodes'?");

    [Fact]
    public void Load_KeyLikeNoOther_NamesThoseThatThereAre() =>
        Error("akkalb.network.baselines.genetic = on").ShouldContain("unknown key 'akkalb.network.baselines'; expected ");

    [Theory]
    [InlineData("proxy")]
    [InlineData("testbed")]
    public void Load_SectionOfAnotherCommand_NamesIt(string section) =>
        Error($"akkalb.{section} {{}}").ShouldEndWith($"unknown key 'akkalb.{section}'; it is for 'akkalb {section}'");

    [Fact]
    public void Load_WithAReferenceOfItsOwn_KnowsItsKeysOnly()
    {
        Config reference = Config.Parse("akkalb { load { rate = 10, timeout = 5s } }");
        Config config = ConfigurationLoader.Load(_folder.Write("a.conf", "akkalb.load.rate = 20"), ["load.timeout=1s"], reference);

        config.GetLong("akkalb.load.rate").ShouldBe(20);
        config.GetTimeSpan("akkalb.load.timeout").ShouldBe(TimeSpan.FromSeconds(1));
        Should.Throw<InvalidInputException>(() => ConfigurationLoader.Load(_folder["a.conf"], ["network.mode=x"], reference))
            .Message.ShouldBe("--set network.mode=x: unknown key 'akkalb.network'; it is for 'akkalb run'");
    }

    [Fact]
    public void Load_UnknownSection_IsAnError() => Error("aklb.seed = 1").ShouldContain("unknown key 'aklb'");

    [Fact]
    public void Load_UnknownKeyInOverride_NamesTheOption() =>
        Error("akkalb.seed = 1", "network.trianing.episodes=1").ShouldStartWith("--set network.trianing.episodes=1: unknown key");

    [Fact]
    public void Load_OverrideWithoutEquals_SaysWhatItExpects() => Error("", "seed").ShouldContain("expected key=value");

    [Fact]
    public void Load_SectionGivenAValue_IsAnError() => Error("akkalb.network = 5").ShouldContain("is a section");

    [Fact]
    public void Load_ValueGivenASection_IsAnError() => Error("akkalb.seed { a = 1 }").ShouldContain("is a value");

    [Fact]
    public void Load_ValueGivenAList_IsAnError()
    {
        Error("akkalb.seed = [1]").ShouldEndWith("a.conf: 'akkalb.seed' is a value, found a list");
        Error("", "method=[samaroh]").ShouldBe("--set method=[samaroh]: 'akkalb.method' is a value, found a list");
    }

    /// <summary>As an environment variable holds it.</summary>
    [Fact]
    public void Reader_ListGivenAValue_TakesItForAListOfOne()
    {
        SectionReader reader = new(ConfigurationLoader.Load(_folder.Write("a.conf", ""), ["datacenter.servers.workers=5"]), "a.conf");
        reader.Integers("akkalb.datacenter.servers.workers", 1, 8).ShouldBe([5]);
        reader.Texts("akkalb.datacenter.policies").Count.ShouldBeGreaterThan(1);
        reader.ThrowIfInvalid();
    }

    [Fact]
    public void Load_ListOfLists_IsAnError() =>
        Error("akkalb.network.memory.deltas = [[1]]")
            .ShouldEndWith("a.conf: 'akkalb.network.memory.deltas' is a list of values, found a list or a section in it");

    [Fact]
    public void Load_SyntaxError_NamesFileAndLine()
    {
        string message = Error("akkalb {\n  seed = 1\n  network {\n");
        message.ShouldStartWith(_folder["a.conf"]);
        message.ShouldContain("line");
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void Load_MissingFile_SaysSo() =>
        Should.Throw<InvalidInputException>(() => ConfigurationLoader.Load(_folder["none.conf"], [])).Message.ShouldEndWith(
            "none.conf: no such file");

    /// <summary>Without quotes it would be HOCON's null, and so the default.</summary>
    [Fact]
    public void Write_TextThatSaysNull_ReadsBackTheSame()
    {
        Config config = ConfigurationLoader.Load(_folder.Write("a.conf", "akkalb.name = \"null\""), []);
        string written = ConfigurationWriter.Write(config, new Dictionary<string, string>());
        ConfigurationLoader.Load(_folder.Write("b.conf", written), []).GetString("akkalb.name").ShouldBe("null");
    }

    [Fact]
    public void Write_Resolved_ReadsBackTheSame()
    {
        Config config = ConfigurationLoader.Load(
            _folder.Write("a.conf", "akkalb { name = \"a \\\"b\\\" c\", network.agents.actions.divide = 1.5 }\nakka { loglevel = DEBUG, "
                + "loggers = [a, \"b c\"], actor.serialization-bindings { \"My.Type, Asm\" = x } }"), []);
        string written = ConfigurationWriter.Write(
            config, new Dictionary<string, string> { ["akkalb.network.flows.file"] = "my\nflows.json" });
        Config again = ConfigurationLoader.Load(_folder.Write("b.conf", written), []);
        again.GetString("akkalb.name").ShouldBe("a \"b\" c");
        again.GetDouble("akkalb.network.agents.actions.divide").ShouldBe(1.5);
        again.GetString("akkalb.network.flows.file").ShouldBe("my\nflows.json");
        again.GetString("akka.loglevel").ShouldBe("DEBUG");
        again.GetStringList("akka.loggers").ShouldBe(["a", "b c"]);
        again.GetString("akka.actor.serialization-bindings.\"My.Type, Asm\"").ShouldBe("x");
        ConfigurationWriter.Write(again, new Dictionary<string, string>()).ShouldBe(written);
    }
}

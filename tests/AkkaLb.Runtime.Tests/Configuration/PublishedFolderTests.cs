using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Tests.Configuration;

public sealed class PublishedFolderTests : IDisposable
{
    private const string Yaml = """
        hash_function: dte_stand.hash_function.WeightedDxHashFunction
        algorithm: dte_stand.algorithm.MateAlgorithm
        path_calculator: dte_stand.paths.DAGCalculator
        phi: dte_stand.phi_calculator.PhiCalculator.calculate_phi
        iterations: 1
        lsdb_period: 30000
        mate:
          actor_cfg:
            use_gat: False
            use_memory: True
            memory_size: 512
          horizons: 20
          gamma: 0.9
          message_iterations: -1
          greedy_epsilon: 0.8
          reward: min_max
          actions:
            subtraction: { action: true, value: -1 }
            multiplication: { action: true, value: 1.25 }
            division: { action: true, value: 0.8 }
            zero: { action: false, value: 0 }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Config Read(string yaml)
    {
        _folder.Write("config.yaml", yaml);
        _folder.Write("topology.gml", "");
        _folder.Write("flows.json", "[]");
        return ConfigurationLoader.Resolve(Config.Parse(PublishedFolder.ToHocon(_folder.FullPath)), "config.yaml", []);
    }

    private string Error(string yaml) => Should.Throw<InvalidInputException>(() => Read(yaml)).Message;

    [Fact]
    public void ToHocon_PublishedConfiguration_IsTranslated()
    {
        Config config = Read(Yaml);
        config.GetLong("akkalb.network.training.horizons").ShouldBe(20);
        config.GetLong("akkalb.network.agents.message-iterations").ShouldBe(0);
        config.GetDouble("akkalb.network.training.sample-probability").ShouldBe(0.8);
        config.GetString("akkalb.network.training.reward").ShouldBe("max-utilisation");
        config.GetString("akkalb.network.agents.actions.add").ShouldBe("off");
        config.GetString("akkalb.network.agents.actions.nothing").ShouldBe("off");
    }

    [Fact]
    public void ToHocon_FolderWithQuotesInItsName_IsTheName()
    {
        string folder = Directory.CreateDirectory(_folder["a \"b\" \\c"]).FullName;
        foreach ((string file, string content) in new[] { ("config.yaml", Yaml), ("topology.gml", ""), ("flows.json", "[]") })
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }
        Config.Parse(PublishedFolder.ToHocon(folder)).GetString("akkalb.name").ShouldBe("a \"b\" \\c");
    }

    [Fact]
    public void ToHocon_GraphAttention_IsTheArchitectureWithItsHeads()
    {
        Config config = Read(Yaml.Replace("use_gat: False", "use_gat: True\n    gat_num_heads: 20", StringComparison.Ordinal));
        config.GetString("akkalb.network.agents.architecture").ShouldBe("attention");
        config.GetLong("akkalb.network.agents.attention.heads").ShouldBe(20);
    }

    [Fact]
    public void ToHocon_SeveralIterations_ArePeriodsOfTheirLength()
    {
        Config config = Read(Yaml.Replace("iterations: 1", "iterations: 3", StringComparison.Ordinal));
        config.GetLong("akkalb.network.periods.count").ShouldBe(3);
        config.GetTimeSpan("akkalb.network.periods.length").ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void ToHocon_KeysLeftOut_HaveThePublishedDefaults()
    {
        Config config = Read(Yaml);
        config.GetLong("akkalb.network.training.update-every").ShouldBe(1);
        config.GetDouble("akkalb.network.training.learning-rate.actor").ShouldBe(3e-4);
        config.GetDouble("akkalb.network.training.learning-rate.critic").ShouldBe(3e-4);
        config.GetDouble("akkalb.network.memory.delta").ShouldBe(0.05);
    }

    /// <summary>Specification section 5.2: its k-means forces the metric.</summary>
    [Theory]
    [InlineData("metric: l1", "l2")]
    [InlineData("metric: cosine\n    clustering: sklearn.cluster.MiniBatchKMeans", "l2")]
    [InlineData("clustering: sklearn.cluster.Agglomerative\n    metric: cosine", "cosine")]
    public void ToHocon_Metric_IsThatOfThePublishedClustering(string keys, string metric) =>
        Read(Yaml.Replace("memory_size: 512", $"memory_size: 512\n    {keys}", StringComparison.Ordinal))
            .GetString("akkalb.network.memory.metric").ShouldBe(metric);

    [Theory]
    [InlineData("rhombus_maroh2l_3", true, "maroh-2l")]
    [InlineData("abilene-SAMAROH-2L", true, "samaroh-2l")]
    [InlineData("symm16_samaroh", true, "samaroh-2l")]
    [InlineData("symm16_samaroh", false, "samaroh")]
    [InlineData("maroh.40", false, "maroh")]
    [InlineData("abilene", true, "")]
    public void ToHocon_NameAndMemory_TellTheMethod(string name, bool memory, string expected)
    {
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        _folder.Write($"{name}/config.yaml", Yaml.Replace("use_memory: True", $"use_memory: {memory}", StringComparison.Ordinal));
        _folder.Write($"{name}/topology.gml", "");
        _folder.Write($"{name}/flows.json", "[]");

        Config.Parse(PublishedFolder.ToHocon(folder)).GetString("akkalb.method", "").ShouldBe(expected);
    }

    [Fact]
    public void ToHocon_NameWithMemoryConfigurationWithout_IsRefused()
    {
        string folder = Directory.CreateDirectory(_folder["a_maroh2l"]).FullName;
        _folder.Write("a_maroh2l/config.yaml", Yaml.Replace("use_memory: True", "use_memory: False", StringComparison.Ordinal));
        _folder.Write("a_maroh2l/topology.gml", "");
        _folder.Write("a_maroh2l/flows.json", "[]");

        Should.Throw<InvalidInputException>(() => PublishedFolder.ToHocon(folder)).Message
            .ShouldContain("'use_memory' is not true, but the folder is called a_maroh2l");
    }

    [Fact]
    public void ToHocon_SignOrInversePutIntoTheValue_IsTurnedRound()
    {
        Config config = Read(Yaml);
        config.GetDouble("akkalb.network.agents.actions.subtract").ShouldBe(1);
        config.GetDouble("akkalb.network.agents.actions.divide").ShouldBe(1.25);
    }

    [Fact]
    public void ToHocon_UnknownKey_NamesFileLineAndKey()
    {
        string message = Error(Yaml.Replace("  gamma: 0.9", "  gama: 0.9", StringComparison.Ordinal));
        message.ShouldBe($"{_folder["config.yaml"]}: line 13: 'gama': unknown key, expected a key of the published configuration");
    }

    [Theory]
    [InlineData("  gamma: 0.9", "  gamma: high", "expected a number")]
    [InlineData("iterations: 1", "iterations: few", "expected a number")]
    [InlineData("use_gat: False", "use_gat: maybe", "expected true or false")]
    [InlineData("DAGCalculator", "MagicCalculator", "expected DAGCalculator")]
    [InlineData("mate:", "mate: [", "line")]
    [InlineData("iterations: 1", "? [iterations, 1]\n: 1", "line 5: a list or mapping as key, expected the name of a key")]
    [InlineData("    memory_size: 512", "    ? {memory: size}\n    : 512", "line 11: a list or mapping as key")]
    public void ToHocon_BadValue_SaysWhatItExpects(string good, string bad, string expected)
    {
        string message = Error(Yaml.Replace(good, bad, StringComparison.Ordinal));
        message.ShouldStartWith(_folder["config.yaml"]);
        message.ShouldContain(expected);
        message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void ToHocon_NestedWithoutEnd_IsRefusedWithItsLine(string open)
    {
        string message = Error("iterations: 1\nmate:\n  " + string.Concat(Enumerable.Repeat(open, 20_000)));
        message.ShouldBe($"{_folder["config.yaml"]}: line 3: expected at most 64 mappings and lists inside each other");
    }

    [Fact]
    public void ToHocon_FolderWithoutFlows_SaysWhatIsMissing()
    {
        _folder.Write("config.yaml", Yaml);
        Should.Throw<InvalidInputException>(() => PublishedFolder.ToHocon(_folder.FullPath)).Message.ShouldContain("found no topology.gml");
    }
}

using System.Globalization;
using System.Text;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AkkaLb.Runtime.Configuration;

/// <summary>
/// A published MAROH experiment folder (<c>topology.gml</c>, <c>flows.json</c>, <c>config.yaml</c>, <c>topology_changes.json</c>),
/// read as it is and translated into an experiment of ours.
/// </summary>
/// <remarks>
/// The published code adds where it says subtract and multiplies where it says divide, so its users put the sign or the
/// inverse into the value; here both do what they say, and such a value is turned round.
/// </remarks>
internal sealed class PublishedFolder
{
    public const string ConfigurationFile = "config.yaml";

    private const int MaximumDepth = 64;

    private static readonly string[] Ignored =
        ["algorithm", "plot_period", "log_path", "log_level", "debug_check_cycles", "store_hashweights", "store_nexthops"];

    private readonly string _file;
    private readonly StringBuilder _hocon = new();
    private bool _memory;

    private PublishedFolder(string file) => _file = file;

    /// <summary>HOCON text of the experiment; file names in it are relative to the folder.</summary>
    /// <exception cref="InvalidInputException">A file is missing, or a key is unknown or not supported.</exception>
    public static string ToHocon(string folder)
    {
        foreach (string needed in new[] { ConfigurationFile, "topology.gml", "flows.json" })
        {
            if (!File.Exists(Path.Combine(folder, needed)))
            {
                throw new InvalidInputException($"{folder}: expected a published experiment folder, found no {needed} in it");
            }
        }
        string changes = File.Exists(Path.Combine(folder, "topology_changes.json")) ? "topology_changes.json" : "";
        PublishedFolder reader = new(Path.Combine(folder, ConfigurationFile));
        string name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/'));
        reader.Set("name", HoconWriter.Quote(name));
        reader.Set("network.topology", "topology.gml");
        reader.Set("network.flows.file", "flows.json");
        reader.Set("network.topology-changes", $"\"{changes}\"");
        reader.ReadAll();
        reader.SetMethod(name);
        return $"akkalb {{\n{reader._hocon}}}\n";
    }

    private void ReadAll()
    {
        foreach ((YamlScalarNode key, YamlNode value) in Entries(Parse()))
        {
            switch (key.Value)
            {
                case "hash_function": Word(key, value, "network.routing.hash", ("WeightedDxHashFunction", "dx")); break;
                case "path_calculator": Word(key, value, "network.routing.paths", ("DAGCalculator", "dag"),
                    ("DummyPathCalculator", "shortest")); break;
                case "phi": Word(key, value, "network.objective", ("calculate_phi", "variance"), ("calculate_max_value", "max-load"),
                    ("calculate_max_util", "max-utilisation")); break;
                case "iterations": Number(key, value, "network.periods.count"); break;
                case "lsdb_period": Set("network.periods.length", $"{Format(Parse(key, value))}ms"); break;
                case "mate": ReadMate(value); break;
                default: IgnoreOrFail(key); break;
            }
        }
    }

    /// <summary>
    /// Its authors chose between MAROH and SAMAROH on their command line and wrote it into the names of their folders; the configuration
    /// says whether there is a memory (specification section 9). Where the name does not tell, no method is set.
    /// </summary>
    private void SetMethod(string name)
    {
        bool Has(string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
        if (!Has("maroh"))
        {
            return;
        }
        string method = Has("samaroh") ? "samaroh" : "maroh";
        if (!_memory && (Has("maroh2l") || Has("maroh-2l") || Has("maroh_2l")))
        {
            throw new InvalidInputException(
                $"{_file}: 'use_memory' is not true, but the folder is called {name}, expected both to say whether there is a memory");
        }
        Set("method", _memory ? method + "-2l" : method);
    }

    private void ReadMate(YamlNode mate)
    {
        // The published code's own defaults, where they differ from ours.
        Set("network.training.update-every", "1");
        Set("network.training.learning-rate.actor", "3e-4");
        Set("network.training.learning-rate.critic", "3e-4");
        Set("network.memory.delta", "0.05");
        foreach ((YamlScalarNode key, YamlNode value) in Entries(mate))
        {
            switch (key.Value)
            {
                case "horizons": Number(key, value, "network.training.horizons"); break;
                case "episodes": Number(key, value, "network.training.episodes"); break;
                case "gamma": Number(key, value, "network.training.discount"); break;
                case "gae_lambda": Number(key, value, "network.training.gae-lambda"); break;
                case "greedy_epsilon": Number(key, value, "network.training.sample-probability"); break;
                case "n_without_update": Number(key, value, "network.training.update-every"); break;
                case "lr_actor": Number(key, value, "network.training.learning-rate.actor"); break;
                case "lr_critic": Number(key, value, "network.training.learning-rate.critic"); break;
                case "min_weight": Number(key, value, "network.agents.initial-weight.min"); break;
                case "max_weight": Number(key, value, "network.agents.initial-weight.max"); break;
                case "message_iterations": Set("network.agents.message-iterations", Format(Math.Max(0, Parse(key, value)))); break;
                case "reward": Word(key, value, "network.training.reward", ("phi", "phi"), ("min_max", "max-utilisation"),
                    ("diff_min_max", "max-minus-min"), ("mean", "mean"), ("std", "standard-deviation"),
                ("mean_times_std", "mean-times-standard-deviation")); break;
                case "reward_computation": Word(key, value, "network.training.reward-computation", ("change", "change"), ("value", "value"),
                    ("change_with_bonus", "change-with-bonus")); break;
                case "actions": ReadActions(value); break;
                case "actor_cfg": ReadActor(value); break;
                default: IgnoreOrFail(key); break;
            }
        }
    }

    private void ReadActions(YamlNode actions)
    {
        foreach ((YamlScalarNode key, YamlNode action) in Entries(actions))
        {
            Dictionary<string, (YamlScalarNode Key, YamlNode Value)> fields = Entries(action).ToDictionary(
                e => e.Key.Value!, e => (e.Key, e.Value));
            bool enabled = fields.TryGetValue("action", out var on) && Boolean(on.Key, on.Value);
            double value = enabled && fields.TryGetValue("value", out var step) ? Parse(step.Key, step.Value) : 0;
            string Step(double v) => enabled ? Format(v) : "off";
            switch (key.Value)
            {
                case "addition": Set("network.agents.actions.add", Step(value)); break;
                case "subtraction": Set("network.agents.actions.subtract", Step(Math.Abs(value))); break;
                case "multiplication": Set("network.agents.actions.multiply", Step(value)); break;
                case "division": Set("network.agents.actions.divide", Step(value is > 0 and < 1 ? 1 / value : value)); break;
                case "zero": Set("network.agents.actions.nothing", enabled ? "on" : "off"); break;
                default: throw Error(key, "unknown action", "addition, subtraction, multiplication, division or zero");
            }
        }
    }

    private void ReadActor(YamlNode actor)
    {
        bool isKMeans = true;
        foreach ((YamlScalarNode key, YamlNode value) in Entries(actor))
        {
            switch (key.Value)
            {
                case "use_gat": Set("network.agents.architecture", Boolean(key, value) ? "attention" : "message-passing"); break;
                case "gat_num_heads": Number(key, value, "network.agents.attention.heads"); break;
                case "use_memory": _memory = Boolean(key, value); break;
                case "memory_size": Number(key, value, "network.memory.size"); break;
                case "threshold": Number(key, value, "network.memory.delta"); break;
                case "metric": Word(key, value, "network.memory.metric", ("l2", "l2"), ("l1", "l1"), ("cosine", "cosine")); break;
                case "clustering":
                    isKMeans = Word(key, value, "network.memory.clustering", ("MiniBatchKMeans", "k-means"),
                        ("Agglomerative", "agglomerative")) == "k-means";
                    break;
                default: throw Error(key, "unknown key", "a key of the published actor_cfg");
            }
        }
        if (isKMeans)
        {
            // The published code has no other with it, whatever the file says.
            Set("network.memory.metric", "l2");
        }
    }

    private YamlNode Parse()
    {
        string content = ConfigurationLoader.ReadText(_file);
        try
        {
            CheckDepth(content);
            using StringReader text = new(content);
            YamlStream yaml = new();
            yaml.Load(text);
            return yaml.Documents[0].RootNode;
        }
        catch (YamlException e)
        {
            throw new InvalidInputException($"{_file}: line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidInputException($"{_file}: expected a YAML mapping, found an empty file", e);
        }
        // The parser's own, where a flow mapping has an entry without a value.
        catch (InvalidOperationException e)
        {
            throw new InvalidInputException($"{_file}: expected YAML, found an entry without a key or a value in braces", e);
        }
    }

    /// <summary>The nodes are built by recursion, which would end the process on a file of brackets; the events are not.</summary>
    private void CheckDepth(string content)
    {
        using StringReader text = new(content);
        Parser events = new(text);
        for (int depth = 0; events.MoveNext();)
        {
            depth += events.Current!.NestingIncrease;
            // The stream and its document are the first two.
            if (depth > MaximumDepth + 2)
            {
                throw new InvalidInputException(
                    $"{_file}: line {events.Current.Start.Line}: expected at most {MaximumDepth} mappings and lists inside each other");
            }
        }
    }

    private IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node) => node is YamlMappingNode mapping
        ? mapping.Children.Select(c => (c.Key as YamlScalarNode
            ?? throw new InvalidInputException($"{_file}: line {c.Key.Start.Line}: a list or mapping as key, expected the name of a key"),
            c.Value))
        : throw new InvalidInputException($"{_file}: line {node.Start.Line}: expected a mapping of keys to values");

    /// <returns>Ours.</returns>
    private string Word(YamlScalarNode key, YamlNode value, string target, params (string Theirs, string Ours)[] words)
    {
        // Import paths of the published code: its last name counts.
        string word = value is YamlScalarNode scalar ? scalar.Value!.Split('.')[^1] : "";
        string ours = words.FirstOrDefault(w => w.Theirs == word).Ours
            ?? throw Error(key, $"'{value}'", string.Join(", ", words.Select(w => w.Theirs)));
        Set(target, ours);
        return ours;
    }

    private void Number(YamlScalarNode key, YamlNode value, string target) => Set(target, Format(Parse(key, value)));

    private double Parse(YamlScalarNode key, YamlNode value) =>
        value is YamlScalarNode scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Error(key, $"'{value}'", "a number");

    private bool Boolean(YamlScalarNode key, YamlNode value) =>
        bool.TryParse((value as YamlScalarNode)?.Value, out bool flag) ? flag : throw Error(key, $"'{value}'", "true or false");

    private void IgnoreOrFail(YamlScalarNode key)
    {
        if (!Ignored.Contains(key.Value))
        {
            throw Error(key, "unknown key", "a key of the published configuration");
        }
    }

    private InvalidInputException Error(YamlScalarNode key, string found, string expected) =>
        new($"{_file}: line {key.Start.Line}: '{key.Value}': {found}, expected {expected}");

    private void Set(string key, string value) => _hocon.Append(CultureInfo.InvariantCulture, $"  {key} = {value}\n");

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

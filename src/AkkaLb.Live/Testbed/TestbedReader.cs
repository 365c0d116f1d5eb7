using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Hocon;
using AkkaLb.Live.Configuration;
using AkkaLb.Live.Load;
using AkkaLb.Live.Proxy.Configuration;
using AkkaLb.Live.TestServers;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Live.Testbed;

/// <summary>Reads the file of a comparison.</summary>
internal static class TestbedReader
{
    private const string Section = "akkalb.testbed";

    /// <exception cref="InvalidInputException">A key is unknown or a value out of its range.</exception>
    public static TestbedOptions Load(string path, IEnumerable<string> overrides)
    {
        SectionReader reader = TestbedReference.Load(path, overrides, Section, out Config config);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        TestServersOptions servers = TestServersReader.Read(reader, config);
        if (servers.Changes.Count > 0)
        {
            reader.ListProblem($"{TestServersReader.Section}.changes", $"nothing in a testbed: what happens is '{Section}.events'");
        }
        LoadOptions load = LoadReader.Read(reader, folder);
        IReadOnlyList<Contender> contenders = ReadContenders(reader);
        Contender? baseline = Contender.Parse(reader.Text($"{Section}.baseline"));
        if (baseline is null || !contenders.Contains(baseline))
        {
            reader.Problem($"{Section}.baseline", "one of the contenders");
        }
        IReadOnlyList<ServerChange> events = TestServersReader.ReadChanges(reader, $"{Section}.events", servers.Slots.Count);
        if (events.Any(change => Ticks.FromSeconds(change.Time.TotalSeconds) >= load.Traffic.Duration))
        {
            reader.ListProblem($"{Section}.events", "times before 'akkalb.load.duration'");
        }
        TestbedOptions options = new()
        {
            Name = reader.ExperimentName,
            Resolved = config,
            Servers = servers with { Changes = [], Port = 0, ControlPort = 0 },
            Load = load,
            Contenders = contenders,
            Baseline = baseline ?? contenders[0],
            Loads = ReadLoads(reader),
            Proxies = reader.Integers($"{Section}.proxies", 1, 64),
            Seeds = [.. reader.Integers($"{Section}.seeds", 0, int.MaxValue).Select(s => (ulong)s)],
            Retries = reader.Integer($"{Section}.retries", 0, 100),
            ReadyWithin = ReadPositive(reader, $"{Section}.ready-within"),
            Events = events,
            Window = ReadPositive(reader, $"{Section}.window"),
            Simulate = reader.Switch($"{Section}.simulate"),
            Haproxy = reader.Text($"{Section}.haproxy"),
            Nginx = reader.Text($"{Section}.nginx"),
            AkkaLb = Command(reader.Text($"{Section}.akkalb")),
            ProxySettings = reader.Texts($"{Section}.proxy-settings"),
            Policy = reader.Text($"{Section}.policy") is { Length: > 0 } policy ? Path.GetFullPath(policy) : "",
        };
        CheckProgram(reader, $"{Section}.haproxy", options.Haproxy, contenders, "haproxy-");
        CheckProgram(reader, $"{Section}.nginx", options.Nginx, contenders, "nginx-");
        if (reader.Text($"{Section}.akkalb") is { Length: > 0 } akkalb && !IsHere(akkalb))
        {
            reader.Problem($"{Section}.akkalb", "a program that is here, on PATH or by its path");
        }
        if (options.Policy.Length > 0 && !Directory.Exists(options.Policy))
        {
            reader.Problem($"{Section}.policy", "the folder of a run");
        }
        CheckSettings(reader, options.ProxySettings);
        Unique(reader, $"{Section}.seeds", options.Seeds);
        Unique(reader, $"{Section}.proxies", options.Proxies);
        Unique(reader, $"{Section}.loads", options.Loads);
        reader.ThrowIfInvalid();
        return options;
    }

    private static IReadOnlyList<Contender> ReadContenders(SectionReader reader)
    {
        const string Key = $"{Section}.contenders";
        List<Contender> contenders = [];
        foreach (string text in reader.Texts(Key))
        {
            if (Contender.Parse(text) is { } contender && Balancers.Names.Contains(contender.Balancer))
            {
                contenders.Add(contender);
            }
            else
            {
                reader.Problem(
                    Key, $"\"{text}\"",
                    $"entries of a name, and 'right' or 'swapped' or nothing; names are {string.Join(", ", Balancers.Names)}");
            }
        }
        if (contenders.Count == 0 || contenders.Distinct().Count() < contenders.Count)
        {
            reader.ListProblem(Key, "a list of different contenders");
        }
        return contenders.Count > 0 ? contenders : [new Contender(Balancers.Names.First(), ContenderWeights.None)];
    }

    private static IReadOnlyList<double> ReadLoads(SectionReader reader)
    {
        IReadOnlyList<double> loads = reader.Numbers($"{Section}.loads", 0, 10);
        if (loads.Count == 0)
        {
            reader.ListProblem($"{Section}.loads", "at least one number above 0 to 10");
        }
        return loads;
    }

    private static TimeSpan ReadPositive(SectionReader reader, string key)
    {
        TimeSpan value = reader.Duration(key);
        if (value < TimeSpan.FromMilliseconds(10) || value > TimeSpan.FromHours(1))
        {
            reader.Problem(key, "a duration from 10ms to 1h");
        }
        return value;
    }

    /// <summary>A program that contenders need is there, before the first of them runs.</summary>
    private static void CheckProgram(
        SectionReader reader, string key, string program, IReadOnlyList<Contender> contenders, string prefix)
    {
        if (contenders.Any(contender => contender.Balancer.StartsWith(prefix, StringComparison.Ordinal)) && !IsHere(program))
        {
            reader.Problem(key, "a program that is here, on PATH or by its path, since there are contenders of it");
        }
    }

    private static bool IsHere(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>What the clusters of all proxies get is read before the first of them begins.</summary>
    private static void CheckSettings(SectionReader reader, IReadOnlyList<string> settings)
    {
        string proxy = $$"""
            akkalb.proxy.listeners.a.address = "http://127.0.0.1:0"
            akkalb.proxy.clusters.servers {
              servers.a.address = "http://127.0.0.1:1"
              {{string.Join('\n', settings)}}
            }
            """;
        try
        {
            ProxyReader.Read(ConfigurationLoader.Parse(proxy, reader.Source), reader.Source, []);
        }
        catch (InvalidInputException e)
        {
            reader.Problem(
                $"{Section}.proxy-settings", $"one that no proxy takes ({e.Message})",
                "keys of a cluster of akkalb.proxy, as 'key = value'");
        }
    }

    private static void Unique<T>(SectionReader reader, string key, IReadOnlyList<T> values)
    {
        if (values.Distinct().Count() < values.Count)
        {
            reader.ListProblem(key, "a list of different values");
        }
    }

    /// <summary>The program that runs, which may be one that .NET's own starts.</summary>
    private static IReadOnlyList<string> Command(string configured)
    {
        if (configured.Length > 0)
        {
            return configured.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", configured] : [configured];
        }
        string process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Environment.GetCommandLineArgs()[0]] : [process];
    }
}

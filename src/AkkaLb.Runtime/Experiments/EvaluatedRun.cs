using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Domain.Network;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>A run whose policy is to be played elsewhere: how it was learnt, and what is asked for now.</summary>
internal sealed class EvaluatedRun
{
    // The kernels play what either backend has learnt; nothing is stored.
    private static readonly string[] Beneath =
        ["learning.backend=native", "learning.device=cpu", "journal.enabled=off", "tensorboard=off", "datacenter.actors=off"];

    // On the command line files are relative to the working directory, in the run's configuration to its folder.
    private static readonly string[] FileKeys =
    [
        "akkalb.network.topology", "akkalb.network.topology-changes", "akkalb.network.flows.file", "akkalb.datacenter.traffic.trace",
    ];

    private readonly IReadOnlyList<string> _asked;

    private EvaluatedRun(RunFolder folder, IReadOnlyList<string> asked, Config askedConfig, string checkpoint)
    {
        (Folder, _asked, Asked, CheckpointFolder) = (folder, asked, askedConfig, checkpoint);
        Trained = ConfigurationLoader.Load(File, []);
    }

    public RunFolder Folder { get; }

    /// <summary>The run's configuration file, named in errors.</summary>
    public string File => Folder[RunFolder.ConfigurationFile];

    /// <summary>The configuration that the policy was learnt with.</summary>
    public Config Trained { get; }

    /// <summary>What was said on the command line, alone.</summary>
    public Config Asked { get; }

    public string CheckpointFolder { get; }

    /// <summary>Opens a run that has learnt something.</summary>
    /// <exception cref="InvalidInputException">It is no such run, its checkpoint is damaged, or an override is not valid.</exception>
    public static EvaluatedRun Open(EvaluationRequest request)
    {
        string path = request.RunFolder;
        if (Grids.GridFolder.IsGrid(path))
        {
            throw new InvalidInputException(
                $"{path}: a grid, expected one of its run folders, below {Path.Combine(path, Grids.GridFolder.RunsFolder)}");
        }
        RunFolder folder = RunFolder.Open(path);
        List<string> asked = [.. request.Overrides];
        if (request.Topology is { } topology)
        {
            asked.Add($"network.topology={Quoted(topology)}");
        }
        if (request.Flows is { } flows)
        {
            asked.Add($"network.flows.file={Quoted(flows)}");
        }
        Config config = ConfigurationLoader.ParseOverrides(asked);
        foreach (string key in FileKeys)
        {
            if (config.GetString(key, "") is { Length: > 0 } named && !TopologyLibrary.Names.Contains(named))
            {
                asked.Add($"{key}={Quoted(Path.GetFullPath(named))}");
            }
        }
        string file = folder[RunFolder.ConfigurationFile];
        if (ExperimentRunner.Family(ConfigurationLoader.Load(file, []), file) == "game")
        {
            throw new InvalidInputException($"{path}: a run of family game, whose players learn nothing: there is no policy to evaluate; "
                + "expected a run of network or datacenter");
        }
        string checkpoint = Checkpoint.Find(folder)
            ?? throw new InvalidInputException($"{path}: expected a run with a checkpoint: it has learnt nothing yet");
        EvaluatedRun run = new(folder, asked, ConfigurationLoader.ParseOverrides(asked), checkpoint);
        run.RequireAsLearnt("akkalb.family", "akkalb.method");
        CheckpointCheck.ThrowIfDamaged(folder, run.Trained);
        return run;
    }

    /// <summary>The run's configuration beneath what is asked for.</summary>
    /// <param name="beneath">Pairs that what is asked for wins over.</param>
    /// <param name="above">Pairs that win over it.</param>
    public Config Configure(IEnumerable<string> beneath, IEnumerable<string> above) =>
        ConfigurationLoader.Load(File, [.. Beneath, .. beneath, .. _asked, .. above]);

    /// <summary>The configuration that the policy was learnt with, for the kernels.</summary>
    public Config ForKernels() => ConfigurationLoader.Load(File, Beneath);

    /// <summary>Opens a file of the checkpoint.</summary>
    /// <exception cref="InvalidInputException">It is not there or cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return System.IO.File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: expected a whole checkpoint: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidInputException">One of these keys is to have another value than when the policy was learnt.</exception>
    public void RequireAsLearnt(params IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            if (Asked.HasPath(key) && Asked.GetString(key, "") is var asked && Trained.GetString(key, "") is var learnt && asked != learnt)
            {
                throw new InvalidInputException(
                    $"--set {Relative(key)}={asked}: expected '{learnt}', with which the policy of {File} was learnt");
            }
        }
    }

    /// <exception cref="InvalidInputException">A key of this section is asked for that an evaluation does not read.</exception>
    public void RequireUnsaid(string section, string expected, params string[] allowed)
    {
        if (Asked.GetValue(section)?.GetObject() is { } keys && keys.Items.Keys.FirstOrDefault(key => !allowed.Contains(key)) is { } other)
        {
            throw new InvalidInputException($"--set {Relative(section)}.{other}: nothing is learnt here, expected {expected}");
        }
    }

    private static string Relative(string key) => key["akkalb.".Length..];

    /// <summary>As a string of HOCON, which may hold anything.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}

using System.CommandLine;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli.Commands;

/// <summary>The argument and the options that say what to run; shared by run, train and cluster up.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _source = new("EXPERIMENT")
    {
        Description = "An experiment or grid file (HOCON), or a published MAROH folder with topology.gml, flows.json and config.yaml",
    };
    private readonly Option<string?> _method = new("--method")
    {
        Description = "The method, as in akkalb.method; needed for a published folder that does not tell",
        HelpName = "NAME",
    };
    private readonly Option<string[]> _set = Options.Set("Override a configuration key (relative to akkalb); may be given several times");
    private readonly Option<ulong?> _seed = Options.Seed("Root of all randomness; wins over the file's (the one seed of a grid)");
    private readonly Option<string?> _output = new("--out")
    {
        Description = "Run folder, new or empty, or that of the same grid (default: a fresh one under runs/)", HelpName = "FOLDER",
    };
    private readonly Option<bool> _json = Options.Json("the content of summary.json");
    private readonly Option<bool> _tensorBoard = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard into the run folder (tensorboard=on)",
    };

    public void AddTo(Command command)
    {
        command.Add(_source);
        foreach (Option option in new Option[] { _method, _set, _seed, _output, _tensorBoard, _json })
        {
            command.Add(option);
        }
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    public ExperimentRequest Request(ParseResult parsed, RunPath path) => new(parsed.GetRequiredValue(_source))
    {
        Method = parsed.GetValue(_method),
        Overrides = [.. parsed.GetValue(_set) ?? [], .. parsed.GetValue(_tensorBoard) ? ["tensorboard=on"] : Array.Empty<string>()],
        Seed = parsed.GetValue(_seed),
        OutputFolder = parsed.GetValue(_output),
        Path = path,
    };
}

using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.Grids;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Experiments;

/// <summary>The configuration that a request names, in its layers.</summary>
/// <param name="Name">The experiment's own name, or that of its file or folder.</param>
/// <param name="Overrides">What was said on the command line.</param>
/// <param name="Content">The file or folder, over the base that it names.</param>
/// <param name="File">Named in errors.</param>
/// <param name="BaseFolder">File names in the configuration are relative to it.</param>
/// <param name="Published">The published folder that it is of, which need not tell its method; null for files of ours.</param>
internal sealed record ExperimentSource(
    string Name, Config Overrides, Config Content, string File, string BaseFolder, string? Published)
{
    private const string BaseKey = "akkalb.grid.base";

    public Config Resolved => Overrides.WithFallback(Content).WithFallback(ConfigurationLoader.Reference);

    /// <exception cref="InvalidInputException">A file cannot be read or parsed, or a key is unknown.</exception>
    public static ExperimentSource Load(ExperimentRequest request)
    {
        List<string> overrides = [.. request.Overrides];
        if (request.Method is { } method)
        {
            overrides.Add($"method={method}");
        }
        (Config content, string file, string baseFolder) = Read(request.Source);
        Config above = ConfigurationLoader.ParseOverrides(overrides);
        if (request.Seed is { } seed)
        {
            // A grid with this one seed, an experiment with it.
            string key = GridDefinition.IsGrid(above.WithFallback(content).WithFallback(ConfigurationLoader.Reference))
                ? $"grid.seeds=[{seed}]" : $"seed={seed}";
            above = ConfigurationLoader.ParseOverrides([.. overrides, key]);
        }
        Config own = above.WithFallback(content).WithFallback(ConfigurationLoader.Reference);
        string name = own.GetString("akkalb.name", "") is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(file);
        if (name.AsSpan().ContainsAny("/\\\0") || name.StartsWith('.'))
        {
            // It names run folders.
            throw new InvalidInputException($"{file}: 'akkalb.name' is '{name}', expected one without / and \\ that begins with no dot");
        }
        if (content.IsEmpty && above.IsEmpty)
        {
            throw new InvalidInputException($"{file}: expected a section akkalb, found nothing");
        }
        string? published = Directory.Exists(request.Source) ? request.Source : null;
        if (own.GetString(BaseKey, "") is { Length: > 0 } below)
        {
            published = Directory.Exists(Path.Combine(baseFolder, below)) ? Path.Combine(baseFolder, below) : published;
            (Config foundation, string foundationFile, baseFolder) = Read(Path.Combine(baseFolder, below));
            if (GridDefinition.IsGrid(foundation.WithFallback(ConfigurationLoader.Reference)))
            {
                throw new InvalidInputException($"{foundationFile}: expected an experiment ('{BaseKey}' of {file}), found a grid");
            }
            content = content.WithFallback(foundation);
        }
        ExperimentSource source = new(name, above, content, file, baseFolder, published);
        if (!GridDefinition.IsGrid(own))
        {
            source.RequireMethod(above.WithFallback(content), file);
        }
        return source;
    }

    /// <summary>A published folder says its method in its name or not at all, and ours are not to be taken for it in silence.</summary>
    /// <param name="configured">An experiment of this source, without the reference configuration.</param>
    /// <param name="named">What to call it.</param>
    /// <exception cref="InvalidInputException">It is of a published folder, and nothing says the method.</exception>
    public void RequireMethod(Config configured, string named)
    {
        if (Published is not null && configured.GetString("akkalb.method", "").Length == 0)
        {
            throw new InvalidInputException(
                $"{named}: expected --method (samaroh, maroh, samaroh-cf or one of them with -2l), or a folder whose name "
                + "tells it, such as abilene_samaroh_1");
        }
    }

    private static (Config Content, string File, string BaseFolder) Read(string path)
    {
        string file = path;
        Config content;
        if (Directory.Exists(path))
        {
            RefuseFolderOfRuns(path);
            file = Path.Combine(path, PublishedFolder.ConfigurationFile);
            content = ConfigurationLoader.Parse(PublishedFolder.ToHocon(path), file);
        }
        else
        {
            content = ConfigurationLoader.Parse(ConfigurationLoader.ReadText(path), path);
        }
        KeyCheck.Check(content, file);
        SectionCheck.RefuseNode(content, file);
        return (content, file, Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    private static void RefuseFolderOfRuns(string path)
    {
        string? found = System.IO.File.Exists(Path.Combine(path, GridFolder.PlanFile)) ? "the folder of a grid"
            : System.IO.File.Exists(Path.Combine(path, RunFolder.ConfigurationFile)) ? "a run folder"
            : null;
        if (found is not null)
        {
            throw new InvalidInputException(
                $"{path}: expected an experiment or a published folder, found {found}; 'akkalb resume {path}' goes on with it");
        }
    }
}

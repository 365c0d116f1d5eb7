using System.Text.Json;
using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Dashboard.Runs;

/// <summary>What a run has written into its folder so far. Safe to use by several pages at once.</summary>
public sealed class RunFiles
{
    /// <summary>The family of a comparison on one machine.</summary>
    public const string Testbed = "testbed";

    /// <summary>Between two looks at the files.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CsvColumns _episodes;
    private readonly DateTime _configured;
    private readonly Config _configuration;
    private InvalidInputException? _problem;
    private long _looked = long.MinValue;
    private DateTime _summaryWritten;
    private int _version;

    /// <exception cref="InvalidInputException">It is no run folder, or its configuration cannot be read.</exception>
    public RunFiles(string id, string path, TimeProvider time)
    {
        (Id, _time) = (id, time);
        Folder = RunFolder.Open(path);
        _configured = File.GetLastWriteTimeUtc(Folder[RunFolder.ConfigurationFile]);
        _configuration = Read(Folder[RunFolder.ConfigurationFile]);
        _episodes = new CsvColumns(Folder[RunFolder.EpisodesFile]);
        (Measure, EpisodesWanted) = OfNetwork();
        Playback = new Lazy<NetworkPlayback>(
            // One that fails is tried again: a run's files come one by one.
            () => NetworkPlayback.Open(Folder), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>In addresses.</summary>
    public string Id { get; }

    public RunFolder Folder { get; }

    public string Name => Path.GetFileName(Folder.FullPath);

    /// <summary>network, datacenter, game, or testbed.</summary>
    public string Family => RunFolder.IsTestbed(_configuration) ? Testbed : Key("family");

    public string Method => Key("method");

    public string Seed => Key("seed");

    /// <summary>What Φ is called: an objective other than the variance has another name.</summary>
    public string Measure { get; }

    /// <summary>Episodes that it is to have; 0 where it has none.</summary>
    public int EpisodesWanted { get; }

    /// <summary>The content of summary.json; null before there is one.</summary>
    public JsonElement? Summary { get; private set; }

    /// <summary>What the learner is compared with; null: not known yet.</summary>
    public RunBaselines? Baselines { get; private set; }

    /// <summary>finished, stopped, or not finished.</summary>
    public string Status => Summary is { } summary && summary.TryGetProperty("status", out JsonElement status)
        ? status.GetString()! : "not finished";

    /// <summary>Of a network run: its topology and the weights that its agents decided.</summary>
    public Lazy<NetworkPlayback> Playback { get; }

    private const string NetworkObjective = "akkalb.network.objective", CheckpointFile = RunFolder.CheckpointFolder + "/run.json",
        PhiColumn = "phi";

    /// <summary>Whether the folder has become that of another run, or is gone: this one shows no more than it has read.</summary>
    public bool IsReplaced => File.GetLastWriteTimeUtc(Folder[RunFolder.ConfigurationFile]) != _configured;

    /// <summary>Looks at the files, unless that was done a moment ago.</summary>
    /// <returns>A number that is another one when anything has changed.</returns>
    /// <exception cref="InvalidInputException">One cannot be read.</exception>
    public int Refresh()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            if (_looked == long.MinValue || _time.GetElapsedTime(_looked, now) >= Look)
            {
                (_looked, _problem) = (now, null);
                try
                {
                    _version += LookAtFiles() ? 1 : 0;
                }
                catch (InvalidInputException e)
                {
                    _problem = e;
                }
            }
            return _problem is null ? _version : throw new InvalidInputException(_problem.Message, _problem);
        }
    }

    private bool LookAtFiles()
    {
        bool changed = ReadSummary() | _episodes.Refresh();
        CheckEpisodes();
        if (Baselines is null && Family == "network")
        {
            Baselines = BaselinesIn(RunFolder.SummaryFile) ?? BaselinesIn(CheckpointFile);
            changed |= Baselines is not null;
        }
        return changed;
    }

    private void CheckEpisodes()
    {
        if (_episodes.Count > 0)
        {
            _episodes.Place(PhiColumn);
        }
        if (_episodes.EndsWithinALine && Status == RunSummary.Finished)
        {
            throw new InvalidInputException(
                $"{Folder[RunFolder.EpisodesFile]}: line {_episodes.Count + 2}: expected a whole line, as the run has finished");
        }
    }

    public int Episodes
    {
        get
        {
            lock (_gate)
            {
                return _episodes.Count;
            }
        }
    }

    /// <summary>A column of <c>episodes.csv</c>; empty where there is none.</summary>
    public double[] Column(string name)
    {
        lock (_gate)
        {
            return _episodes.Numbers(name);
        }
    }

    /// <summary>A number of the summary by its path, such as <c>metrics.phi</c>; null where it has none.</summary>
    public double? Figure(params string[] path)
    {
        JsonElement? element = Summary;
        foreach (string name in path)
        {
            element = element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement child) ? child
                : null;
        }
        return element is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
    }

    /// <summary>Reads something out of the summary.</summary>
    /// <returns>The default where there is no summary yet.</returns>
    /// <exception cref="InvalidInputException">The summary does not have it as expected.</exception>
    public T? OfSummary<T>(Func<JsonElement, T> read)
    {
        try
        {
            return Summary is { } summary ? read(summary) : default;
        }
        catch (Exception e) when (IsOtherJson(e))
        {
            throw NoSummary(e);
        }
    }

    /// <summary>Another table of the folder, as it is now.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidInputException">It is no table.</exception>
    internal CsvColumns? Table(string file)
    {
        if (!File.Exists(Folder[file]))
        {
            return null;
        }
        CsvColumns table = new(Folder[file]);
        table.Refresh();
        return table;
    }

    public bool Has(string file) => File.Exists(Folder[file]);

    /// <summary>Of a comparison as it was written: its keys are not those of an experiment.</summary>
    private static Config Read(string file)
    {
        Config written = ConfigurationLoader.Parse(ConfigurationLoader.ReadText(file), file);
        return RunFolder.IsTestbed(written) ? written : ConfigurationLoader.Load(file, []);
    }

    private RunBaselines? BaselinesIn(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Folder[file]));
            return document.RootElement.GetProperty("baselines").Deserialize<RunBaselines>(JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException)
        {
            return null;
        }
    }

    private string Key(string name) => _configuration.GetString($"akkalb.{name}") ?? "";

    private bool ReadSummary()
    {
        FileInfo file = new(Folder[RunFolder.SummaryFile]);
        if (!file.Exists || file.LastWriteTimeUtc == _summaryWritten)
        {
            return false;
        }
        try
        {
            JsonElement read = JsonDocument.Parse(
                File.ReadAllText(file.FullName), new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
            if (read.ValueKind != JsonValueKind.Object
                || (read.TryGetProperty("status", out JsonElement status) && status.ValueKind != JsonValueKind.String))
            {
                throw new JsonException("it is no object with a status");
            }
            // Text that no program can write again is said here, and not where it is shown.
            _ = Components.Figures.Flatten(read).Count();
            Summary = read;
            _summaryWritten = file.LastWriteTimeUtc;
            return true;
        }
        catch (Exception e) when (IsOtherJson(e) || e is IOException or UnauthorizedAccessException)
        {
            throw NoSummary(e);
        }
    }

    /// <summary>What reading JSON throws that is of another kind than expected.</summary>
    private static bool IsOtherJson(Exception e) =>
        e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException;

    private InvalidInputException NoSummary(Exception e) => new(
        $"{Folder[RunFolder.SummaryFile]}: expected a run's summary: {e.Message.ReplaceLineEndings(" ")}", e);

    private (string Measure, int Episodes) OfNetwork()
    {
        try
        {
            return (ObjectiveNames.Of(_configuration.GetString(NetworkObjective)),
                Family == "network" && _configuration.GetString("akkalb.network.policy", "")!.Length == 0
                    ? (int)_configuration.GetLong("akkalb.network.training.episodes")
                    : 0);
        }
        catch (HoconException e)
        {
            throw new InvalidInputException($"{Folder[RunFolder.ConfigurationFile]}: {e.Message}", e);
        }
    }
}

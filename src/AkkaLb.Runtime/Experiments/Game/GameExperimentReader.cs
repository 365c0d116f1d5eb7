using AkkaLb.Agents.Game.Games;
using AkkaLb.Agents.Game.Servers;
using AkkaLb.Domain;
using AkkaLb.Domain.Game;
using AkkaLb.Domain.Randomness;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Configuration;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Reads the family <c>game</c> from a resolved configuration.</summary>
internal static class GameExperimentReader
{
    private const string Static = "akkalb.game.static", Dynamic = "akkalb.game.dynamic", Scaling = "akkalb.game.scaling";

    /// <summary>Every player and every server is an actor, and what each player places where is a matrix.</summary>
    private const int MostActors = 100_000, MostPairs = 10_000_000;

    private const string SettingKey = "akkalb.game.setting", InstanceKey = "akkalb.game.instance";

    /// <param name="source">Named in errors.</param>
    /// <param name="baseFolder">Files are read relative to it.</param>
    /// <exception cref="InvalidInputException">A value is out of its range, or the instance is not as expected.</exception>
    public static GameExperiment Read(Config config, string source, string baseFolder)
    {
        SectionReader reader = new(config, source);
        reader.Choice("akkalb.method", ("static", 0), ("dynamic", 0), ("scaling", 0));
        ulong seed = reader.Seed("akkalb.seed");
        int setting = reader.Integer(SettingKey, 0, SurrogateSetting.All.Count);
        InstanceRanges ranges = ReadRanges(reader);
        int players = reader.Integer("akkalb.game.generate.players", 1, MostActors), servers = reader.Integer(
            "akkalb.game.generate.servers", 1, MostActors);
        if ((long)players * servers > MostPairs)
        {
            reader.Problem(
                "akkalb.game.generate.players", $"at most {MostPairs / servers} players for {servers} servers ({MostPairs} pairs of them)");
        }
        ulong instanceSeed = reader.Seed("akkalb.game.generate.seed");
        // Of every method: a value that a run ignores is to be right in the next one, too.
        double share = reader.Number($"{Static}.share", 0, 1, open: true);
        string file = reader.Text(InstanceKey);
        if (setting > 0 && file.Length > 0 && reader.IsOverride(InstanceKey))
        {
            // Whoever asks for an instance gets it, or hears why not; run folders have both.
            reader.Problem(InstanceKey, $"none where '{SettingKey}' is above 0, found {setting}");
        }
        _ = JournalOptions.Read(reader);
        reader.ThrowIfInvalid();
        string method = reader.Text("akkalb.method");
        if (method == "scaling")
        {
            ScalingPlay scaling = new(
                Sizes(reader, $"{Scaling}.players"),
                Sizes(reader, $"{Scaling}.servers"),
                reader.Integer($"{Scaling}.repetitions", 1, 10_000),
                ranges);
            reader.ThrowIfInvalid();
            return new GameExperiment(reader.ExperimentName, method, seed, "", config, scaling);
        }

        GameInstance<double> instance = setting > 0 ? SurrogateSetting.All[setting - 1].Instance
            : file.Length > 0 ? ReadFile(reader, Path.Combine(baseFolder, file))
            : ranges.Draw(players, servers, new SplitMix64(instanceSeed).NextDouble);
        (string schedule, GamePlay play) = method == "static"
            ? ReadStatic(reader, instance, share, seed)
            : ReadDynamic(reader, instance, setting, seed);
        reader.ThrowIfInvalid();
        return new GameExperiment(reader.ExperimentName, method, seed, schedule, config, play);
    }

    private static IReadOnlyList<int> Sizes(SectionReader reader, string key)
    {
        IReadOnlyList<int> sizes = reader.Integers(key, 1, 100_000);
        if (sizes.Distinct().Count() < sizes.Count)
        {
            reader.ListProblem(key, "sizes that differ from each other");
        }
        return sizes;
    }

    private static (string Schedule, GamePlay Play) ReadStatic(
        SectionReader reader, GameInstance<double> instance, double share, ulong seed)
    {
        double activation = reader.Number($"{Static}.activation", 0, 1, open: true), latency = reader.Number($"{Static}.latency", 0);
        Schedule schedule = reader.Choice<Schedule>(
            $"{Static}.schedule",
            ("ring", new Schedule.TokenRing()),
            ("random", new Schedule.RandomActivation(RandomPicks(instance, seed))),
            ("poisson", new Schedule.PoissonClocks(latency, seed)),
            ("simultaneous", new Schedule.Simultaneous(activation, seed)));
        bool uniform = reader.Choice($"{Static}.start", ("uniform", true), ("empty", false));
        int rounds = reader.Integer($"{Static}.max-rounds", 1, 10_000_000);
        bool byMove = reader.Choice($"{Static}.rounds", ("passes", false), ("moves", true));
        Profile<double> start = uniform ? Profile<double>.Uniform(instance) : new Profile<double>(instance.Players, instance.Servers);
        return (reader.Text($"{Static}.schedule"), new StaticPlay(instance, new StaticGameOptions(schedule, start, share, rounds), byMove));
    }

    private static (string Schedule, GamePlay Play) ReadDynamic(
        SectionReader reader, GameInstance<double> instance, int setting, ulong seed)
    {
        Arrivals arrivals = reader.Choice(
            $"{Dynamic}.arrivals", ("one", Arrivals.One), ("all-in-turn", Arrivals.AllInTurn), ("all-at-once", Arrivals.AllAtOnce));
        string picks = reader.Text($"{Dynamic}.picks");
        if (picks == "table-2" && setting == 0)
        {
            reader.Problem($"{Dynamic}.picks", $"round-robin or random where '{SettingKey}' is 0");
        }
        IEnumerable<int> players = reader.Choice(
            $"{Dynamic}.picks",
            ("random", RandomPicks(instance, seed)),
            ("round-robin", Picks.RoundRobin(instance.Players)),
            ("table-2", setting == 0 ? [] : Table2Picks(setting)));
        ServiceLaw service = reader.Choice(
            $"{Dynamic}.service", ("constant", ServiceLaw.Constant), ("uniform", ServiceLaw.Uniform), (
                "exponential", ServiceLaw.Exponential));
        int steps = reader.Integer($"{Dynamic}.max-steps", 1, 10_000_000);
        return (reader.Text($"{Dynamic}.arrivals"), new DynamicPlay(
            instance, new DynamicGameOptions(arrivals, players, service, steps, seed)));
    }

    /// <summary>Domain's picks, hung on the run's root seed; from their beginning whenever they are gone through.</summary>
    private static IEnumerable<int> RandomPicks(GameInstance<double> instance, ulong seed)
    {
        foreach (int player in Picks.Random(instance.Players, new SplitMix64(new RandomStream(seed, "environment").NextUInt64())))
        {
            yield return player;
        }
    }

    /// <inheritdoc cref="SurrogateSetting.RandomPicks"/>
    /// <remarks>From their beginning whenever they are gone through.</remarks>
    private static IEnumerable<int> Table2Picks(int setting)
    {
        foreach (int player in SurrogateSetting.All[setting - 1].RandomPicks())
        {
            yield return player;
        }
    }

    private static InstanceRanges ReadRanges(SectionReader reader)
    {
        (double, double) Range(string key, bool open)
        {
            double low = reader.Number($"akkalb.game.generate.{key}.min", open ? InstanceRanges.Smallest : 0, InstanceRanges.Largest);
            return (low, reader.Number($"akkalb.game.generate.{key}.max", low, InstanceRanges.Largest));
        }
        return new InstanceRanges(Range("rates", open: true), Range("lengths", open: true), Range("loads", open: false));
    }

    private static GameInstance<double> ReadFile(SectionReader reader, string path) =>
        File.Exists(path)
            ? StaticGameRequest.Parse(ConfigurationLoader.ReadText(path), path).Instance
            : throw new InvalidInputException($"{path}: no such file ({reader.Origin(InstanceKey)}: '{InstanceKey}')");
}

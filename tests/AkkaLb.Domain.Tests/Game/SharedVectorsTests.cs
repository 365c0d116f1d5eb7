using System.Runtime.CompilerServices;
using System.Text.Json;
using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>
/// The specification's own file of vectors, beside the repository or below AKKALB_SHARED, against the numbers restated in this project:
/// finds a slip of the pen in either.
/// </summary>
public class SharedVectorsTests
{
    [SkippableFact]
    public void BestResponses_OfTheSharedFile_AreExact() => ForEach("best_response", vector =>
    {
        Fraction[] mu = Array(vector, "mu"), e = Array(vector, "e"), l = new Fraction[mu.Length];
        WaterLevel<Fraction> water = WaterFilling.Fill(e, mu, One(vector, "lam"), l);
        water.ShouldBe(new WaterLevel<Fraction>(One(vector, "nu"), vector.GetProperty("c").GetInt32()));
        l.ShouldBe(Array(vector, "l"));
        l.Select(amount => amount / One(vector, "lam")).ShouldBe(Array(vector, "a"));
        GameCosts.OfPlacement<Fraction>(l, e, mu).ShouldBe(One(vector, "W"));
        (GameCosts.OfPlacement<Fraction>(l, e, mu) / One(vector, "lam")).ShouldBe(One(vector, "D"));
    });

    [SkippableFact]
    public void StaticPasses_OfTheSharedFile_AreExact() => ForEach("static", vector =>
    {
        var instance = new GameInstance<Fraction>(Array(vector, "mu"), Array(vector, "s"), Array(vector, "lam"));
        Fraction[][] Rows(string key) => vector.GetProperty(key).EnumerateArray().Select(Array).ToArray();
        var dynamics = new BestResponseDynamics<Fraction>(instance, Profile<Fraction>.FromRows(Rows("l0")));
        dynamics.Pass(vector.GetProperty("order").EnumerateArray().Select(player => player.GetInt32()).ToArray())
            .ShouldBe(Array(vector, "level_per_update"));
        dynamics.Profile.ToRows().ShouldBe(Rows("l"));
        GameCosts.JobWeighted(instance, dynamics.Profile).ShouldBe(Array(vector, "W"));
        GameCosts.Average(instance, dynamics.Profile).ShouldBe(Array(vector, "D"));
        GameCosts.Potential(instance, dynamics.Profile).ShouldBe(One(vector, "Phi"));
        GameCosts.Social(instance, dynamics.Profile).ShouldBe(One(vector, "social_W"));
        Equilibrium<Fraction> equilibrium = Equilibrium<Fraction>.Of(instance);
        equilibrium.Level.ShouldBe(One(vector, "X"));
        equilibrium.Totals.ShouldBe(Array(vector, "F"));
        equilibrium.ServersUsed.ShouldBe(vector.GetProperty("servers_at_X").GetInt32());
    });

    [SkippableFact]
    public void PricesOfAnarchy_OfTheSharedFile_Agree() => ForEach("poa", vector =>
    {
        var instance = new GameInstance<Fraction>(Array(vector, "mu"), Array(vector, "s"), Array(vector, "lam"));
        PriceOfAnarchy.InstanceBound(instance).ShouldBe(One(vector, "bound_instance"));
        PriceOfAnarchy.UniversalBound<Fraction>(instance.Players).ShouldBe(One(vector, "bound_universal"));
        (PriceOfAnarchy.ReconstructedBound(instance)?.ToString() ?? "inf").ShouldBe(vector.GetProperty("bound_r8").GetString());
        foreach ((SocialCost objective, string suffix) in new[] { (SocialCost.JobWeighted, "W"), (SocialCost.Average, "D") })
        {
            double worst = WorstEquilibrium.Of(instance.ToDouble(), objective).Cost;
            double optimum = SocialOptimum.Of(instance.ToDouble(), objective).Cost;
            worst.ShouldBe(vector.GetProperty("worst_ne_" + suffix).GetDouble(), 1e-9);
            optimum.ShouldBe(vector.GetProperty("opt_" + suffix).GetDouble(), 1e-9);
            (worst / optimum).ShouldBe(vector.GetProperty("PoA_" + suffix).GetDouble(), 1e-9);
        }
    });

    [SkippableFact]
    public void DynamicRuns_OfTheSharedFile_AreExact() => ForEach("dynamic", vector =>
    {
        var instance = new GameInstance<Fraction>(Array(vector, "mu"), Array(vector, "s0"), Array(vector, "lam"));
        Fraction[][] Rows(string key) => vector.GetProperty(key).EnumerateArray().Select(Array).ToArray();
        List<Fraction[]> states = [];
        DynamicGame.RunSequential(instance, Picks.RoundRobin(instance.Players), onState: states.Add).Steps
            .ShouldBe(vector.GetProperty("T_seq").GetInt64());
        states.Take(Rows("states").Length).ToArray().ShouldBe(Rows("states"));
        DynamicGame.RunSequential(instance, Picks.Random(instance.Players, new SplitMix64(42))).Steps
            .ShouldBe(vector.GetProperty("T_seq_random_seed42").GetInt64());

        IterationBounds bounds = IterationBounds.ForSequential(instance)!;
        JsonElement expected = vector.GetProperty("bounds");
        new[] { bounds.TwoPhase, bounds.TwoPhaseLoose, bounds.Appendix, bounds.Level, bounds.TwoPhaseLevel, bounds.Lower, bounds.AllServed }
            .ShouldBe(new[] { "B1", "B1L", "B2", "B3", "B4", "low", "t0" }.Select(key => expected.GetProperty(key).GetInt64()));

        if (vector.GetProperty("T_sim").ValueKind == JsonValueKind.String)
        {
            IterationBounds.ForEquilibriumPlay(instance).ShouldBeNull();
            return;
        }

        states.Clear();
        DynamicGame.RunEquilibriumPlay(instance, onState: states.Add).Steps.ShouldBe(vector.GetProperty("T_sim").GetInt64());
        states.Take(Rows("sim_states").Length).ToArray().ShouldBe(Rows("sim_states"));
    });

    private static void ForEach(string section, Action<JsonElement> check, [CallerFilePath] string thisFile = "")
    {
        string repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
        string shared = Environment.GetEnvironmentVariable("AKKALB_SHARED") ?? Path.Combine(repository, "..", "shared");
        string path = Path.Combine(shared, "specs", "game_vectors.json");
        Skip.IfNot(File.Exists(path), $"the specification's vectors {path} are not there");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        foreach (JsonElement vector in document.RootElement.GetProperty(section).EnumerateArray())
        {
            check(vector);
        }
    }

    private static Fraction One(JsonElement vector, string key) => Fraction.Parse(vector.GetProperty(key).GetString()!);

    private static Fraction[] Array(JsonElement vector, string key) => Array(vector.GetProperty(key));

    private static Fraction[] Array(JsonElement array) =>
        array.EnumerateArray().Select(element => Fraction.Parse(element.GetString()!)).ToArray();
}

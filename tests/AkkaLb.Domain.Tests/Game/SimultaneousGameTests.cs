using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class SimultaneousGameTests
{
    [Theory]
    [InlineData("2 3 4", "20 9 30", "1 5 2", "20 9 30; 18 14 26; 16 123/7 164/7; 14 18 24; 110/9 55/3 220/9")]
    [InlineData("1 1", "0 10", "19/10", "0 10; 9/10 9; 9/5 8; 27/10 7; 18/5 6")]
    public void EquilibriumPlay_SpecifiedVector_IsExact(string rates, string loads, string lengths, string states)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        List<Fraction[]> compressed = [], byActions = [];
        DynamicGame.RunEquilibriumPlay(instance, maximumSteps: 4, onState: compressed.Add);
        new SimultaneousGame<Fraction>(instance, SimultaneousReading.EquilibriumPlay).Run(4, byActions.Add);
        compressed.ToArray().ShouldBe(Rows(states));
        byActions.ToArray().ShouldBe(Rows(states));
    }

    [Fact]
    public void EquilibriumPlay_AnyGame_IsOnePlayerOfTheTotalLength() => Check(Simultaneous, game =>
    {
        GameInstance<Fraction> instance = game.Instance;
        Profile<Fraction> previous = RandomProfile(instance, new SplitMix64((ulong)game.Pick));
        List<Fraction[]> joint = [], single = [];
        SimultaneousRun<Fraction> run = new SimultaneousGame<Fraction>(instance, SimultaneousReading.EquilibriumPlay, previous)
            .Run(long.MaxValue, joint.Add);
        DynamicGame.RunSequential(instance.WithLengths([instance.TotalLength]), Picks.RoundRobin(1), onState: single.Add);

        run.Converged.ShouldBeTrue();
        joint.ToArray().ShouldBe(single.ToArray());
        IterationBounds bounds = IterationBounds.ForEquilibriumPlay(instance)!;
        run.Steps.ShouldBeInRange(bounds.Lower, bounds.Upper);
        DynamicGame.RunEquilibriumPlay(instance).Steps.ShouldBe(run.Steps);
        run.Steps.ShouldBeGreaterThanOrEqualTo(DynamicGame.RunSequential(instance, Picks.AlwaysLongest(instance)).Steps);
    });

    [Fact]
    public void EquilibriumPlay_EachStep_IsAnEquilibriumOfTheMoment() => Check(Simultaneous, game =>
    {
        var play = new SimultaneousGame<Fraction>(game.Instance, SimultaneousReading.EquilibriumPlay);
        for (int t = 0; t < 3; t++)
        {
            var moment = new GameInstance<Fraction>(game.Instance.Rates.AsSpan(), play.Loads, game.Instance.Lengths.AsSpan());
            play.Step();
            Equilibrium<Fraction>.IsEquilibrium(moment, play.Actions).ShouldBeTrue();
        }
    });

    [Theory]
    [InlineData(SimultaneousReading.EquilibriumPlay)]
    [InlineData(SimultaneousReading.PreviousActions)]
    [InlineData(SimultaneousReading.StateOnly)]
    public void AnyReading_OnePlayer_IsTheSequentialGame(SimultaneousReading reading) => Check(Simultaneous, game =>
    {
        GameInstance<Fraction> instance = game.Instance.WithLengths([game.Instance.Lengths[0]]);
        List<Fraction[]> simultaneous = [], sequential = [];
        new SimultaneousGame<Fraction>(instance, reading).Run(long.MaxValue, simultaneous.Add);
        DynamicGame.RunSequential(instance, Picks.RoundRobin(1), onState: sequential.Add);
        simultaneous.ToArray().ShouldBe(sequential.ToArray());
    });

    /// <summary>Each player answers the others' last step: both jump together, although the servers could do the work.</summary>
    [Fact]
    public void PreviousActions_BothOnOneServer_JumpForEver()
    {
        GameInstance<Fraction> instance = NewGame("1 1", "0 0", "9/10 9/10");
        var play = new SimultaneousGame<Fraction>(
            instance, SimultaneousReading.PreviousActions, Profile<Fraction>.FromRows(Rows("9/10 0; 9/10 0")));
        for (int repetition = 0; repetition < 3; repetition++)
        {
            play.Step();
            play.Loads.ToArray().ShouldBe(Rationals("0 4/5"), "the zero state is not kept");
            play.Step();
            play.Loads.ToArray().ShouldBe(Rationals("4/5 0"));
        }
    }

    [Theory]
    [InlineData(SimultaneousReading.PreviousActions, "1 1", "0 3", "1 1/2", "0 1/2", "1/2 0")]
    [InlineData(SimultaneousReading.StateOnly, "2 3", "2 2", "1 2 3/2", "0 3/2", "8/5 0")]
    public void OtherReadings_SpecifiedVector_Cycle(
        SimultaneousReading reading, string rates, string loads, string lengths, string state, string next)
    {
        GameInstance<Fraction> instance = NewGame(rates, loads, lengths);
        var play = new SimultaneousGame<Fraction>(instance, reading);
        SimultaneousRun<Fraction> run = play.Run(1000);
        run.Converged.ShouldBeFalse();
        run.CycleLength.ShouldBe(2);
        string[] cycle = [string.Join(' ', run.FinalLoads), string.Join(' ', Stepped(play).Loads.ToArray())];
        cycle.Order().ShouldBe(new[] { state, next }.Order());
        new SimultaneousGame<double>(instance.ToDouble(), reading).Run(1000).CycleLength.ShouldBe(2);

        SimultaneousRun<Fraction> repaired = new SimultaneousGame<Fraction>(instance, SimultaneousReading.EquilibriumPlay).Run(1000);
        repaired.Converged.ShouldBeTrue();
        if (reading == SimultaneousReading.PreviousActions)
        {
            repaired.Steps.ShouldBe(6);
        }
    }

    /// <summary>Both other readings get stuck in some random games, equilibrium play in none.</summary>
    [Theory]
    [InlineData(SimultaneousReading.PreviousActions)]
    [InlineData(SimultaneousReading.StateOnly)]
    public void OtherReadings_RandomGames_SomeGetStuck(SimultaneousReading reading)
    {
        int stuck = 0;
        Check(Simultaneous, game =>
        {
            GameInstance<double> instance = game.Instance.ToDouble();
            stuck += new SimultaneousGame<double>(instance, reading).Run(2000).Converged ? 0 : 1;
            new SimultaneousGame<double>(instance, SimultaneousReading.EquilibriumPlay).Run(2000).Converged.ShouldBeTrue();
        });
        stuck.ShouldBeGreaterThan(0);
    }

    private static SimultaneousGame<Fraction> Stepped(SimultaneousGame<Fraction> play)
    {
        play.Step();
        return play;
    }
}

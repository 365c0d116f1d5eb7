using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class GroupedPassTests
{
    [Fact]
    public void Run_AnyStartAndOrder_IsTheDensePassExactly() => Check(Static, game =>
    {
        GroupedEquilibrium<Fraction> grouped = GroupedPass.Run(game.Instance, SparseProfile<Fraction>.From(game.Start), game.Order);

        var dense = new BestResponseDynamics<Fraction>(game.Instance, game.Start);
        Fraction[] levels = dense.Pass(game.Order);

        grouped.Level.ShouldBe(levels[^1]);
        game.Order.Select(player => grouped.Moves[player].Level).ShouldBe(levels);
        grouped.Totals().ShouldBe(dense.Profile.Totals());
        StaticGameTests.RowsOf(grouped, game.Instance).ShouldBe(dense.Profile.ToRows());
        grouped.JobWeightedCosts().ShouldBe(GameCosts.JobWeighted(game.Instance, dense.Profile));
    }, cases: 1000);

    [Fact]
    public void Run_ManyPlayersInDouble_AgreesWithTheDensePass()
    {
        var random = new SplitMix64(11);
        GameInstance<double> instance = InstanceRanges.Scaling.Draw(300, 200, random.NextDouble);
        Profile<double> start = SparseStart(instance, random);
        GroupedEquilibrium<double> grouped = GroupedPass.Run(instance, SparseProfile<double>.From(start));
        var dense = new BestResponseDynamics<double>(instance, start);
        dense.Pass();

        grouped.Level.ShouldBe(Equilibrium<double>.Of(instance).Level, 1e-12);
        double[] row = new double[instance.Servers];
        for (int i = 0; i < instance.Players; i++)
        {
            grouped.CopyRow(i, row);
            row.ShouldBe(dense.Profile[i].ToArray(), 1e-10);
        }

        grouped.JobWeightedCosts().ShouldBe(GameCosts.JobWeighted(instance, dense.Profile), 1e-9);
    }

    [Theory]
    [InlineData("0 1")]
    [InlineData("0 1 1")]
    [InlineData("0 1 3")]
    [InlineData("0 1 2 0")]
    public void Run_OrderIsNoPermutation_Throws(string order)
    {
        GameInstance<Fraction> instance = NewGame("1 1", "0 0", "1 1 1");
        int[] players = order.Split(' ').Select(int.Parse).ToArray();
        Should.Throw<ArgumentException>(() => GroupedPass.Run(instance, SparseProfile<Fraction>.Empty(3), players));
    }

    /// <summary>A few servers for each player, and some of the work not placed at all.</summary>
    private static Profile<double> SparseStart(GameInstance<double> instance, SplitMix64 random)
    {
        var start = new Profile<double>(instance.Players, instance.Servers);
        for (int i = 0; i < instance.Players; i++)
        {
            for (int entry = 0; entry < 4; entry++)
            {
                start[i][random.NextIndex(instance.Servers)] += random.NextDouble() * instance.Lengths[i] / 4;
            }
        }

        return start;
    }
}

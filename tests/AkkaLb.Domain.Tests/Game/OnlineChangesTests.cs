using AkkaLb.Domain.Game;
using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

public class OnlineChangesTests
{
    [Fact]
    public void Insert_IntoAnEquilibrium_OneMoveKeepsIt() => Check(Static, game =>
    {
        GameState<Fraction> state = Reached(game);
        Fraction[][] before = state.Profile.ToRows();
        GameState<Fraction> larger = OnlineChanges.Insert(state, NewLength(game));
        ShouldBeEquilibrium(larger);
        larger.Instance.Players.ShouldBe(game.Instance.Players + 1);
        larger.Profile.ToRows()[..^1].ShouldBe(before, "nobody else moves");
        state.Profile.ToRows().ShouldBe(before, "the argument stays as it is");
    });

    [Fact]
    public void Remove_AnyPlayer_OnePassRestoresIt() => Check(Static, game =>
    {
        if (game.Instance.Players > 1)
        {
            GameState<Fraction> smaller = OnlineChanges.Remove(Reached(game), game.Pick % game.Instance.Players);
            ShouldBeEquilibrium(smaller);
            smaller.Instance.Lengths.ShouldBe(game.Instance.Lengths.RemoveAt(game.Pick % game.Instance.Players));
        }
    });

    [Fact]
    public void Resize_LongerJob_OneMoveKeepsIt() => Check(Static, game =>
    {
        int player = game.Pick % game.Instance.Players;
        GameState<Fraction> state = Reached(game);
        GameState<Fraction> grown = OnlineChanges.Resize(state, player, game.Instance.Lengths[player] + NewLength(game));
        ShouldBeEquilibrium(grown);
        for (int i = 0; i < state.Instance.Players; i++)
        {
            if (i != player)
            {
                grown.Profile[i].ToArray().ShouldBe(state.Profile[i].ToArray());
            }
        }
    });

    [Fact]
    public void Resize_ShorterJob_OnePassRestoresIt() => Check(Static, game =>
    {
        int player = game.Pick % game.Instance.Players;
        Fraction length = game.Instance.Lengths[player] * new Fraction(1 + game.Pick % 7, 8);
        ShouldBeEquilibrium(OnlineChanges.Resize(Reached(game), player, length));

        // Or the player moves first, and then everybody else.
        GameState<Fraction> stale = Reached(game);
        GameInstance<Fraction> shorter = stale.Instance.WithLengths([.. stale.Instance.Lengths.SetItem(player, length)]);
        var dynamics = new BestResponseDynamics<Fraction>(shorter, stale.Profile);
        dynamics.Pass(game.Order.Where(i => i != player).Prepend(player));
        Equilibrium<Fraction>.IsEquilibrium(shorter, dynamics.Profile).ShouldBeTrue();
    });

    /// <summary>Why a departure and a shrunk job need a pass: what remains is often no equilibrium.</summary>
    [Fact]
    public void DepartureOrShrunkJob_WithoutAPass_OftenLosesTheEquilibrium()
    {
        (int departures, int shrunk, int stale) = (0, 0, 0);
        Check(Static, game =>
        {
            (GameInstance<Fraction> instance, Profile<Fraction> profile) = Reached(game);
            int player = game.Order[0];
            if (instance.Players == 1)
            {
                return;
            }

            Fraction[] others = [.. instance.Lengths.RemoveAt(player)];
            departures += IsLost(instance.WithLengths(others), profile.ToRows().Where((_, i) => i != player).ToArray());

            GameInstance<Fraction> shorter =
                instance.WithLengths([.. instance.Lengths.SetItem(player, instance.Lengths[player] / 4)]);
            var own = new BestResponseDynamics<Fraction>(shorter, profile.Clone());
            own.Update(player);
            shrunk += IsLost(shorter, own.Profile.ToRows());

            var last = new BestResponseDynamics<Fraction>(shorter, profile.Clone());
            last.Pass(game.Order.Skip(1).Append(player)); // the overlong row moves last
            stale += IsLost(shorter, last.Profile.ToRows());
        });
        departures.ShouldBeGreaterThan(20);
        shrunk.ShouldBeGreaterThan(20);
        stale.ShouldBeGreaterThan(20);

        static int IsLost(GameInstance<Fraction> instance, Fraction[][] rows) =>
            Equilibrium<Fraction>.IsEquilibrium(instance, Profile<Fraction>.FromRows(rows)) ? 0 : 1;
    }

    private static GameState<Fraction> Reached(GameCase game)
    {
        var dynamics = new BestResponseDynamics<Fraction>(game.Instance, game.Start.Clone());
        dynamics.Pass(game.Order);
        return new GameState<Fraction>(game.Instance, dynamics.Profile);
    }

    private static Fraction NewLength(GameCase game) => new(1 + game.Pick % 9, 1 + game.Pick % 4);

    private static void ShouldBeEquilibrium(GameState<Fraction> state) =>
        Equilibrium<Fraction>.IsEquilibrium(state.Instance, state.Profile).ShouldBeTrue();
}

using AkkaLb.Dashboard.Network;
using AkkaLb.Domain.Network;

namespace AkkaLb.Dashboard.Tests.Network;

public class StableLayoutTests
{
    public static TheoryData<string> Names => ["4-node", "abilene", "geant2009"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_PlacesAllNodesApartAndTheSameEveryTime(string name)
    {
        Topology topology = TopologyLibrary.Get(name);
        (double X, double Y)[] places = StableLayout.Of(topology);
        places.ShouldBe(StableLayout.Of(topology));
        places.ShouldAllBe(place => place.X >= 0 && place.X <= 1 && place.Y >= 0 && place.Y <= 1);
        for (int a = 0; a < places.Length; a++)
        {
            for (int b = a + 1; b < places.Length; b++)
            {
                (Math.Abs(places[a].X - places[b].X) + Math.Abs(places[a].Y - places[b].Y)).ShouldBeGreaterThan(0.02);
            }
        }
    }

    [Theory]
    [InlineData(0, "#3b82c4")]
    [InlineData(0.5, "#deb836")]
    [InlineData(1, "#cd3418")]
    [InlineData(7, "#cd3418")]
    [InlineData(double.NaN, "#3b82c4")]
    public void Colour_GoesFromEmptyToFull(double utilisation, string colour) => LinkDrawing.Colour(utilisation).ShouldBe(colour);
}

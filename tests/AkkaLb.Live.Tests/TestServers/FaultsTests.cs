using AkkaLb.Live.TestServers;

namespace AkkaLb.Live.Tests.TestServers;

public class FaultsTests
{
    private static ServerChange Change(string text) => ServerChange.ParseUntimed(text, 1)!;

    private static (bool Error, bool Reset)[] Draws(ulong seed, params string[] changes)
    {
        Faults faults = new(seed, 0);
        foreach (string change in changes)
        {
            faults.Apply(Change(change));
        }
        return [.. Enumerable.Range(0, 4000).Select(_ => faults.Draw())];
    }

    [Fact]
    public void Draw_NoFaults_NothingFails() => Draws(1).ShouldAllBe(d => !d.Error && !d.Reset);

    [Fact]
    public void Draw_Shares_AreKept()
    {
        (bool Error, bool Reset)[] draws = Draws(1, "0 errors 0.5", "0 resets 0.25");
        draws.Count(d => d.Reset).ShouldBeInRange(900, 1100);
        draws.Count(d => d.Error).ShouldBeInRange(1400, 1600);
        draws.ShouldAllBe(d => !(d.Error && d.Reset));
    }

    [Fact]
    public void Draw_SameSeed_SameRequestsFail()
    {
        Draws(1, "0 errors 0.5").ShouldBe(Draws(1, "0 errors 0.5"));
        Draws(1, "0 errors 0.5").ShouldNotBe(Draws(2, "0 errors 0.5"));
    }

    [Fact]
    public void Heal_AllFaults_Ends()
    {
        Draws(1, "0 errors 1", "0 resets 1", "0 heal").ShouldAllBe(d => !d.Error && !d.Reset);
        Faults faults = new(1, 0);
        faults.Apply(Change("0 delay 2s"));
        faults.Delay.ShouldBe(TimeSpan.FromSeconds(2));
        faults.Apply(Change("0 heal"));
        faults.Delay.ShouldBe(TimeSpan.Zero);
    }
}

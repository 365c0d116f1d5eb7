using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Tests.DataCenter.Policies;

public class PolicyTests
{
    public static TheoryData<string> Names => [.. DispatchPolicies.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_AnyPolicy_FinishesEveryJobAndTwiceAlike(string policy)
    {
        SimulationResult first = Models.Table3(0.5, 0.3).Run(policy), second = Models.Table3(0.5, 0.3).Run(policy);
        first.Completed.ShouldBe(first.Jobs.Count);
        first.Jobs.ShouldAllBe(j => j.Completion > 0 && j.Server >= 0);
        first.Jobs.ShouldBe(second.Jobs);
        first.Jobs.ShouldNotBe(Models.Table3(0.5, 0.3).Run(policy, seed: 2).Jobs);
    }

    [Fact]
    public void LeastScore_RandomChanges_ChoosesAmongTheLeastUniformly()
    {
        RandomStream random = new(1, "test");
        LeastScore least = new(13);
        double[] scores = new double[13];
        Array.Fill(scores, double.PositiveInfinity);
        for (int change = 0; change < 500; change++)
        {
            int server = random.NextInt32(13);
            least.Set(server, scores[server] = random.NextInt32(4));
            scores[least.Choose(random)].ShouldBe(scores.Min());
        }
        for (int server = 0; server < 13; server++)
        {
            least.Set(server, server is 2 or 7 or 12 ? 1 : 2);
        }
        int[] counts = new int[13];
        for (int draw = 0; draw < 3000; draw++)
        {
            counts[least.Choose(random)]++;
        }
        new[] { counts[2], counts[7], counts[12] }.ShouldAllBe(c => c > 850 && c < 1150);
        counts.Sum().ShouldBe(counts[2] + counts[7] + counts[12]);
    }

    /// <summary>Also where there are fewer servers than places in the tree.</summary>
    [Fact]
    public void LeastScore_AllInfinite_ChoosesServersOnly()
    {
        RandomStream random = new(1, "test");
        LeastScore least = new(5);
        int[] counts = new int[5];
        for (int draw = 0; draw < 1000; draw++)
        {
            counts[least.Choose(random)]++;
        }
        counts.ShouldAllBe(count => count > 150);
    }

    /// <summary>A weight that is as good as none is no reason to take one that is out of use.</summary>
    [Fact]
    public void Sed_WeightOfNothing_IsChosenBeforeAServerOutOfUse()
    {
        IWeightedPolicy policy = (IWeightedPolicy)DispatchPolicies.Create(
            "sed", new PolicyContext([1, 1, 1], new RandomStream(1, "test"), null!, new ProbeOptions(), Truth: null));
        policy.SetWeights([0, 1, 1]);
        policy.SetAvailable([true, false, false]);
        for (int job = 0; job < 20; job++)
        {
            policy.Choose(default, 0).ShouldBe(0);
            policy.Opened(0, 0);
        }
    }

    [Fact]
    public void AliasTable_Weights_AreTheShares()
    {
        RandomStream random = new(1, "test");
        AliasTable table = new(4);
        table.Build([1, 0, 2, 5]);
        int[] counts = new int[4];
        for (int draw = 0; draw < 40_000; draw++)
        {
            counts[table.Choose(random.NextUInt32())]++;
        }
        counts[1].ShouldBe(0);
        counts[0].ShouldBeInRange(4_700, 5_300);
        counts[2].ShouldBeInRange(9_600, 10_400);
        counts[3].ShouldBeInRange(24_500, 25_500);
    }

    [Fact]
    public void Maglev_AServerGoes_MovesFewOtherConnections()
    {
        MaglevPolicy policy = new(new PolicyContext(new double[10], new RandomStream(1, "test"), null!, new ProbeOptions(), null));
        bool[] available = [.. Enumerable.Repeat(true, 10)];
        policy.SetAvailable(available);
        int[] before = Choices(policy);
        before.GroupBy(s => s).ShouldAllBe(g => g.Count() > 900 && g.Count() < 1100);
        available[3] = false;
        policy.SetAvailable(available);
        int[] after = Choices(policy);
        after.ShouldNotContain(3);
        before.Zip(after).Count(p => p.First != 3 && p.First != p.Second).ShouldBeLessThan(500);
    }

    [Fact]
    public void Create_GlobalPolicyWithoutTruth_IsRefused() =>
        Should.Throw<ArgumentException>(() => DispatchPolicies.Create(
            "oracle", new PolicyContext([1, 1], new RandomStream(1, "test"), null!, new ProbeOptions(), null)));

    [Fact]
    public void Awcmp_Probing_CountsAllServersInEveryPeriod() =>
        // 2 load balancers × 7 servers × a round at 0, 0.25, … s up to the end of arrivals.
        Models.Table3().Run("awcmp").Probes.ShouldBe(2 * 7 * 241);

    private static int[] Choices(MaglevPolicy policy) =>
        [.. Enumerable.Range(0, 10_000).Select(k => policy.Choose(new Job { Hash = (uint)k * 429_497u }, 0))];
}

using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Live.Load;

namespace AkkaLb.Live.Tests.Load;

public class RequestPlanTests
{
    private static readonly TrafficOptions Traffic = new()
    {
        Classes = [new JobClass("request", 1, 1, new ServiceTime(ServiceLaw.Exponential, 0.05), default)],
        Rate = 200,
        Duration = 10 * Ticks.PerSecond,
    };

    [Fact]
    public void Draw_SameSeed_SameRequests()
    {
        RequestPlan.Draw(Traffic, 2, 1).ShouldBe(RequestPlan.Draw(Traffic, 2, 1));
        RequestPlan.Draw(Traffic, 2, 1).ShouldNotBe(RequestPlan.Draw(Traffic, 2, 2));
    }

    [Fact]
    public void Draw_Requests_AreTheSimulatorsJobs()
    {
        DataCenterModel model = new() { Servers = [new ServerOptions(64)], LoadBalancers = 2, Weights = [1], Traffic = Traffic };
        SimulationResult simulated = new DataCenterSimulation(model, new SimulationOptions("sed", 1)).Run();

        RequestPlan.Draw(Traffic, 2, 1).Select(r => r.Due).ShouldBe(simulated.Jobs.Select(j => j.Created));
    }

    [Fact]
    public void Draw_Targets_GetTheirShares()
    {
        PlannedRequest[] plan = RequestPlan.Draw(Traffic, 4, 1);
        plan.Length.ShouldBeInRange(1800, 2200);
        plan.GroupBy(r => r.Target).Select(g => g.Count()).ShouldAllBe(count => count > plan.Length / 5);
        plan.Average(r => Ticks.ToSeconds(r.Work)).ShouldBe(0.05, 0.005);
    }
}

using AkkaLb.Runtime.Experiments.DataCenter;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public class StatisticsTests
{
    [Fact]
    public void Student975_IsTheTable()
    {
        Statistics.Student975(19).ShouldBe(2.093, 0.001);
        Statistics.Student975(4).ShouldBe(2.776, 0.01);
        Statistics.Student975(2).ShouldBe(4.3027, 0.0001);
        Statistics.Student975(11).ShouldBe(2.2010, 0.0002);
    }
}

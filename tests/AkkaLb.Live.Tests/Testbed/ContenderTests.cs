using AkkaLb.Live.Testbed;

namespace AkkaLb.Live.Tests.Testbed;

public class ContenderTests
{
    private static readonly int[] Slots = [2, 2, 4];

    [Theory]
    [InlineData("lsq", "lsq", new[] { 1, 1, 1 })]
    [InlineData("sed right", "sed-right", new[] { 2, 2, 4 })]
    [InlineData(" haproxy-leastconn  swapped ", "haproxy-leastconn-swapped", new[] { 4, 4, 2 })]
    public void Parse_Entry_HasItsNameAndWeights(string text, string name, int[] weights)
    {
        Contender contender = Contender.Parse(text)!;
        contender.Name.ShouldBe(name);
        contender.WeightsOf(Slots).ShouldBe(weights);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sed wrong")]
    [InlineData("sed right now")]
    public void Parse_SomethingElse_IsNoContender(string text) => Contender.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("haproxy-leastconn", true)]
    [InlineData("nginx-least_conn", true)]
    [InlineData("sed", false)]
    public void IsPeer_Balancer_TellsWhoseItIs(string balancer, bool isPeer) =>
        new Contender(balancer, ContenderWeights.None).IsPeer.ShouldBe(isPeer);
}

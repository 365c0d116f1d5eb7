using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Cli.Tests.Output;

public class ClusterReportTests
{
    /// <summary>Brackets are no style.</summary>
    [Fact]
    public void Write_AddressesOfIPv6_AreShownAsTheyAre()
    {
        const string Node = "akka.tcp://akkalb@[::1]:4053";
        using StringWriter output = new();
        ClusterReport.Write(
            Terminal.ForResult(new CommandHost(output, TextWriter.Null, new FakeTimeProvider())),
            new ClusterStatus([new MemberStatusReport(Node, ["agents", "learner"], "Up", null, 3, 24)], [Node], Node, new AgentCounts(
                24, new Dictionary<string, int> { [Node] = 24 })));
        output.ToString().ShouldContain($"{Node} (holds the runs)");
        output.ToString().ShouldContain("Up, unreachable");
    }
}

using Xunit.Abstractions;

namespace AkkaLb.Cluster.Tests;

/// <summary>
/// How long 96 agents are away when the node that hosts some of them leaves or dies: the longest gap between episodes is printed.
/// </summary>
public sealed class RehomingTests(ITestOutputHelper output) : FaultTest(output)
{
    private const int Episodes = 400;
    private const string Memory = "memory { deltas = [0.05], size = 8 }";

    protected override string Topology => "geant2009";

    [SkippableTheory]
    [InlineData("steady")]
    [InlineData("fast")]
    public Task NinetySixAgents_NodeIsKilled_GoOn(string detection)
    {
        RequireAll();
        return ShouldSurviveAsync(
            3, "samaroh-2l", Episodes, at: 30, async () => Signal(await NodeAsync(holdsRun: false), "KILL"), Memory,
            $"node.failure-detection={detection}");
    }

    [SkippableFact]
    public Task NinetySixAgents_NodeLeaves_GoOn()
    {
        RequireAll();
        return ShouldSurviveAsync(
            3, "samaroh-2l", Episodes, at: 30,
            async () => (await Nodes.LeaveAsync((await NodeAsync(holdsRun: false)).Number, Deadline)).ShouldBe(0), Memory);
    }
}

using Xunit.Abstractions;

namespace AkkaLb.Cluster.Tests;

/// <summary>The database that holds runs and journals goes away and comes back.</summary>
public sealed class DatabaseFaultTests(ITestOutputHelper output) : FaultTest(output)
{
    private const string Memory = "memory { deltas = [0.05], size = 8 }";

    [SkippableFact]
    public Task Database_IsRestarted_RunIsUndisturbed() => ShouldSurviveAsync(3, "samaroh-2l", 100, at: 25, () => Task.Run(() =>
    {
        Postgres.Stop();
        Postgres.StartAgain();
    }), Memory);

    [SkippableFact]
    public Task Database_IsGoneForHalfAMinute_RunIsUndisturbed()
    {
        RequireAll();
        return ShouldSurviveAsync(3, "samaroh-2l", 100, at: 25, async () =>
        {
            await Task.Run(Postgres.Stop);
            await PassAsync(TimeSpan.FromSeconds(30));
            await Task.Run(Postgres.StartAgain);
        }, Memory);
    }
}

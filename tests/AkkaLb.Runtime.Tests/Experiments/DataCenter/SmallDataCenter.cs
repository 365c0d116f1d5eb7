using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

/// <summary>Runs of one small data centre, each with keys of its own.</summary>
public abstract class SmallDataCenter : IDisposable
{
    private protected const string Head = "akkalb { family = datacenter, method = compare, name = d, seed = 3, datacenter { "
        + "repetitions = 3, traffic.duration = 20s } }\n";

    private protected TemporaryFolder Folder { get; } = new();

    private protected QuietObserver Observer { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<DataCenterSummary> RunAsync(string output, params string[] overrides)
    {
        RunResult result = await ExperimentRunner.RunAsync(
            new ExperimentRequest(Folder.Write("d.conf", Head)) { OutputFolder = Folder[output], Overrides = overrides },
            Observer, default);
        return result.Summary.ShouldBeOfType<DataCenterSummary>();
    }

    private protected string Text(string run, string file) => File.ReadAllText(Path.Combine(Folder[run], file));
}

using AkkaLb.Domain;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cluster.Tests;

/// <summary>What is handed in to a cluster.</summary>
public sealed class ClusterExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-cluster-experiment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Agents store in the cluster's database; what is fetched from it lies in the run folder, for those who go on.</summary>
    [Fact]
    public async Task Read_JournalOfAnotherDatabase_BecomesTheFoldersOwn()
    {
        ClusterExperiment read = await ReadAsync("akkalb.journal { provider = postgresql, connection = \"Host=nowhere\", run = mine }");
        read.Files[RunFolder.ConfigurationFile].ShouldContain("provider = sqlite\n");
        read.Files[RunFolder.ConfigurationFile].ShouldNotContain("nowhere");
        read.Files[RunFolder.ConfigurationFile].ShouldNotContain("mine");
    }

    /// <summary>Nobody would read it: the actor systems are the nodes'.</summary>
    [Fact]
    public async Task Read_SectionOfAnActorSystem_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(() => ReadAsync("akka.loglevel = DEBUG"))).Message
            .ShouldBe($"{Path.Combine(_folder, "e.conf")}: 'akka': expected none for a run on a cluster: the actor systems are the nodes', "
                + "whose files have it");

    private async Task<ClusterExperiment> ReadAsync(string text)
    {
        string file = Path.Combine(_folder, "e.conf");
        await File.WriteAllTextAsync(file, "akkalb { method = samaroh, network.topology = 4-node }\n" + text);
        return await ClusterExperiment.ReadAsync(new ExperimentRequest(file), default);
    }
}

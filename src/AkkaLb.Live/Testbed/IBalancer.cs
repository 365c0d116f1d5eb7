namespace AkkaLb.Live.Testbed;

/// <summary>A load balancer that can be started as a process.</summary>
internal interface IBalancer
{
    /// <summary>The files and the command of one process of it.</summary>
    BalancerStart Prepare(BalancerPlace place);
}

/// <summary>What a balancer is told.</summary>
/// <param name="Folder">Of its own, absolute, for its files.</param>
/// <param name="Index">Its position among those side by side.</param>
/// <param name="Port">On loopback, where it listens.</param>
/// <param name="Servers">Addresses as HOST:PORT.</param>
/// <param name="Weights">Of each server; positive.</param>
/// <param name="Seed">Of its own draws, where it takes one.</param>
internal sealed record BalancerPlace(
    string Folder, int Index, int Port, IReadOnlyList<string> Servers, IReadOnlyList<int> Weights, ulong Seed)
{
    public string FileIn(string name) => Path.Combine(Folder, name);
}

/// <summary>How to start a process.</summary>
/// <param name="Files">By name within the folder.</param>
internal sealed record BalancerStart(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Environment variables of its own.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}

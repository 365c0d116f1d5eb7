namespace AkkaLb.Runtime.Runs;

/// <summary>What the summaries of all families have in common; each has metrics of its own.</summary>
public interface IRunSummary
{
    string Family { get; }

    /// <summary><see cref="RunSummary.Finished"/> or <see cref="RunSummary.Stopped"/>.</summary>
    string Status { get; }

    /// <summary>The content of <c>summary.json</c>.</summary>
    string ToJson();
}

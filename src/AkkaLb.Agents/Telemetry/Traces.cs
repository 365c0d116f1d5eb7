using System.Diagnostics;

namespace AkkaLb.Agents.Telemetry;

/// <summary>Where spans come from: nobody listens, and none is made, unless traces are asked for.</summary>
public static class Traces
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "AkkaLb";

    public static ActivitySource Source { get; } = new(SourceName);
}

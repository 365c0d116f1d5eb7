using Akka.Actor;
using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Experiments;

public static class RunCommands
{
    /// <summary>Store what happened in the run.</summary>
    public sealed record Record(IJournalEvent Event) : INoSerializationVerificationNeeded;

    /// <summary>Answered by <see cref="Settled"/> when all is stored that came before; never, when that fails.</summary>
    public sealed record Settle : INoSerializationVerificationNeeded
    {
        public static Settle Instance { get; } = new();
    }

    /// <summary>All is stored.</summary>
    public sealed record Settled : INoSerializationVerificationNeeded
    {
        public static Settled Instance { get; } = new();
    }
}

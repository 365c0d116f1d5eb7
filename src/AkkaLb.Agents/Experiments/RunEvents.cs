using AkkaLb.Agents.Journals;

namespace AkkaLb.Agents.Experiments;

/// <summary>What a run's own journal holds.</summary>
public static class RunEvents
{
    /// <summary>The agent's name under which they stand.</summary>
    public const string Agent = "run";

    public sealed record RunStarted(string Name, string Method, ulong Seed) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <param name="From">Episodes or rounds that the run had when it went on.</param>
    public sealed record RunResumed(int From) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <inheritdoc cref="IExperimentObserver.EpisodeFinished"/>
    /// <param name="Episode">Number, from 0.</param>
    /// <param name="Phi">Φ after the last horizon.</param>
    /// <param name="PhiLowest">Lowest Φ at any horizon.</param>
    /// <param name="MaxUtilisation">Of the fullest link after the last horizon.</param>
    /// <param name="PolicyVersion">The policy that all agents followed.</param>
    public sealed record EpisodeFinished(int Episode, double Phi, double PhiLowest, double MaxUtilisation, int PolicyVersion)
        : IJournalEvent
    {
        public long Step => Episode;
    }

    /// <summary>The load balancers of a data centre were trained on an episode.</summary>
    /// <param name="Episode">Number, from 0.</param>
    /// <param name="MeanCompletionTime">Of its jobs, in seconds.</param>
    public sealed record EpisodeTrained(int Episode, double MeanCompletionTime) : IJournalEvent
    {
        public long Step => Episode;
    }

    /// <summary>The learner's state is in a folder; the journal knows it by name and hash.</summary>
    /// <param name="Name">Of the folder, within the run's.</param>
    /// <param name="Sha256">Of its files' contents in the order of their names, 64 hex digits.</param>
    /// <param name="Episodes">Episodes learnt from.</param>
    public sealed record CheckpointWritten(string Name, string Sha256, int Episodes) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <summary>The run follows a policy from elsewhere, of which it has a copy; the journal knows it by name and hash.</summary>
    /// <param name="Name">Of the folder, within the run's.</param>
    /// <param name="Sha256">Of its files' contents in the order of their names, 64 hex digits.</param>
    public sealed record PolicyTaken(string Name, string Sha256) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <param name="At">Episodes or rounds played.</param>
    public sealed record RunStopped(int At) : IJournalEvent
    {
        public long Step => -1;
    }

    /// <inheritdoc cref="RunStopped"/>
    public sealed record RunFinished(int At) : IJournalEvent
    {
        public long Step => -1;
    }
}

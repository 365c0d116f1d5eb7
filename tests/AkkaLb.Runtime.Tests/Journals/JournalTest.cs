using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using AkkaLb.Runtime.Tests.Experiments;

namespace AkkaLb.Runtime.Tests.Journals;

/// <summary>Small runs in a folder of their own, and what stands in their journals.</summary>
public abstract class JournalTest : IDisposable
{
    /// <summary>Eight link agents and 24 episodes.</summary>
    protected const string Small = """
        akkalb {
          seed = 5
          network { topology = 4-node, agents.message-iterations = 1, training { episodes = 24, horizons = 4, update-every = 8 } }
          baselines.genetic.enabled = off
          checkpoint.interval = 0s
          journal.snapshot-every = 10
        }
        """;

    private protected TemporaryFolder Folder { get; } = new();

    public virtual void Dispose() => Folder.Dispose();

    private protected Task<RunResult> Run(
        string output, string content = Small, RunPath path = RunPath.Actors, QuietObserver? observer = null,
        CancellationToken cancellation = default, params string[] overrides)
    {
        string file = Folder.Write("run.conf", content);
        ExperimentRequest request = new(file) { OutputFolder = Folder[output], Path = path, Overrides = overrides };
        return ExperimentRunner.RunAsync(request, observer ?? new QuietObserver(), cancellation);
    }

    /// <summary>A run that is stopped after so many episodes.</summary>
    private protected async Task RunUntil(int episode, string output, params string[] overrides)
    {
        using CancellationTokenSource stop = new();
        QuietObserver observer = new() { OnEpisode = e => { if (e.Episode == episode) { stop.Cancel(); } } };
        await Run(output, observer: observer, cancellation: stop.Token, overrides: overrides);
    }

    private protected Task<RunResult> Resume(string run, QuietObserver? observer = null) =>
        ExperimentRunner.ResumeAsync(Folder[run], observer ?? new QuietObserver(), default);

    private protected JournalReader Open(string run) => JournalReader.Open(JournalLocation.Of(Folder[run]));

    private protected JournalRows Rows(string run) => new(EventsFile(run));

    private protected string EventsFile(string run) => Path.Combine(Folder[run], JournalLocation.EventsFile);

    private protected IReadOnlyList<string> Problems(string run)
    {
        using JournalReader reader = Open(run);
        return JournalVerifier.Verify(reader).Problems;
    }

    /// <summary>Nothing is missing and nothing was decided otherwise: the journal is that of a run that nothing happened to.</summary>
    private protected void ShouldBeThatOf(string run, string straight)
    {
        using JournalReader expected = Open(straight), found = Open(run);
        JournalComparison.Compare(expected, found, new EventFilter()).ShouldAllBe(d => d.IsNone && d.Equal > 0);
        JournalVerifier.Verify(found).Problems.ShouldBeEmpty();
    }

    /// <summary>One line that a user can act upon.</summary>
    private protected static void ShouldBeOneLine(Exception failure, params string[] parts)
    {
        failure.Message.ShouldNotContain("\n");
        failure.Message.ShouldNotContain("   at ");
        foreach (string part in parts)
        {
            failure.Message.ShouldContain(part);
        }
    }
}

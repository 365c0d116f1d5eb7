using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

// Nodes notice the death of others by their silence: they need the processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace AkkaLb.Cluster.Tests;

/// <summary>What tests of clusters need: a PostgreSQL of their own, a folder, an experiment, and what it gives in one process.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    /// <summary>Nothing here may take longer, whatever the machine does meanwhile.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _patience = new(Patience);
    private LocalPostgres? _postgres;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("akkalb-cluster-test-").FullName;

    protected CancellationToken Deadline => _patience.Token;

    protected LocalPostgres Postgres => _postgres!;

    protected string Database { get; private set; } = "";

    public virtual async Task InitializeAsync()
    {
        if (LocalPostgres.Missing is null)
        {
            _postgres = await Task.Run(LocalPostgres.Start);
            Database = _postgres.CreateDatabase();
        }
    }

    public virtual Task DisposeAsync()
    {
        _postgres?.Dispose();
        _patience.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    protected static void RequirePostgres() => Skip.If(LocalPostgres.Missing is not null, LocalPostgres.Missing);

    /// <summary>Of the experiment.</summary>
    protected virtual string Topology => "4-node";

    /// <summary>A small experiment.</summary>
    protected string Experiment(string method, int episodes, string more = "")
    {
        string file = Path.Combine(Folder, "small.conf");
        File.WriteAllText(
            file,
            $$"""
            akkalb {
              name = small
              method = {{method}}
              network {
                topology = {{Topology}}
                flows.generate { mean-load = 0.4, flows-per-pair = 5, seed = 1 }
                training { episodes = {{episodes}}, update-every = 10, horizons = 10, epochs = 2 }
                {{more}}
              }
              baselines.genetic { population = 10, generations = 5 }
              checkpoint.interval = 0s
            }
            """);
        return file;
    }

    /// <summary>The same in one process, into a folder that <see cref="ShouldBeUndisturbed"/> compares with.</summary>
    protected async Task<string> RunAloneAsync(string experiment, string name = "alone")
    {
        string folder = Path.Combine(Folder, name);
        ExperimentRequest request = new(experiment) { OutputFolder = folder };
        await ExperimentRunner.RunAsync(request, new Observer(), Deadline);
        return folder;
    }

    protected Task<RunResult> RunOnClusterAsync(string experiment, string name, IRunObserver observer, CancellationToken stop = default) =>
        ClusterClient.RunAsync(
            new ExperimentRequest(experiment) { OutputFolder = Path.Combine(Folder, name) }, Database, observer,
            stop == default ? Deadline : stop);

    /// <summary>
    /// Every episode has the bits of the undisturbed run, every agent has stored the same decisions once, and the journals have no gap.
    /// </summary>
    protected static void ShouldBeUndisturbed(RunResult run, string alone)
    {
        run.Summary.Status.ShouldBe(RunSummary.Finished);
        File.ReadAllText(Path.Combine(run.RunFolder, RunFolder.EpisodesFile))
            .ShouldBe(File.ReadAllText(Path.Combine(alone, RunFolder.EpisodesFile)));
        using JournalReader there = JournalReader.Open(JournalLocation.Of(run.RunFolder));
        using JournalReader here = JournalReader.Open(JournalLocation.Of(alone));
        JournalComparison.Compare(there, here, new EventFilter()).ShouldAllBe(difference => difference.IsNone);
        JournalVerifier.Verify(there, RunFolder.Open(run.RunFolder)).Problems.ShouldBeEmpty();
    }

    /// <summary>Calls back after episodes.</summary>
    protected sealed class Observer : IRunObserver
    {
        private readonly Queue<(int Episode, Func<Task> Act)> _acts = new();

        /// <summary>What was done, one after the other; fails as that did.</summary>
        public Task Done { get; private set; } = Task.CompletedTask;

        public long Episodes { get; private set; }

        /// <summary>The longest time between two episodes that came one after the other.</summary>
        public TimeSpan LongestGap { get; private set; }

        private long _last;

        public Observer After(int episode, Func<Task> act)
        {
            _acts.Enqueue((episode, act));
            return this;
        }

        public void Started(RunPlan plan)
        {
        }

        public void BaselinesFound(RunBaselines baselines)
        {
        }

        public void Notice(string line)
        {
        }

        public void EpisodeFinished(EpisodeReport episode)
        {
            Episodes++;
            long now = TimeProvider.System.GetTimestamp();
            TimeSpan gap = _last == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(_last, now);
            (_last, LongestGap) = (now, gap > LongestGap ? gap : LongestGap);
            while (_acts.TryPeek(out (int Episode, Func<Task> Act) next) && episode.Episode >= next.Episode)
            {
                _acts.Dequeue();
                Done = Done.ContinueWith(_ => next.Act(), TaskScheduler.Default).Unwrap();
            }
        }
    }
}

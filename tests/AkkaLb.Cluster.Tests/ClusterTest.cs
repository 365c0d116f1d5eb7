using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

// Tests mostly wait for processes, so two classes go on at once; no more, as nodes notice the death of others by their silence and need the
// processors. Who looks at what a process has once, such as its logger, is in a collection.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

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

    /// <summary>Of <see cref="RequirePostgres"/>.</summary>
    protected LocalPostgres Postgres => _postgres!;

    /// <summary>In <see cref="Postgres"/>.</summary>
    protected string Database { get; private set; } = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        _postgres?.Dispose();
        _patience.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    protected void RequirePostgres()
    {
        Skip.If(LocalPostgres.Missing is not null, LocalPostgres.Missing);
        _postgres = LocalPostgres.Start();
        Database = _postgres.CreateDatabase();
    }

    /// <summary>Of the experiment.</summary>
    protected virtual string Topology => "4-node";

    /// <summary>A small experiment.</summary>
    protected string Experiment(string method, int episodes, string more = "") => ExperimentFile(
        $$"""
        method = {{method}}
        network {
          topology = {{Topology}}
          flows.generate { mean-load = 0.4, flows-per-pair = 5, seed = 1 }
          training { episodes = {{episodes}}, update-every = 10, horizons = 10, epochs = 2 }
          {{more}}
        }
        baselines.genetic { population = 10, generations = 5 }
        checkpoint.interval = 0s
        """);

    /// <summary>Agents that learn, and then act without a global step.</summary>
    /// <param name="until">Of virtual time.</param>
    protected string AsynchronousExperiment(string method, string until, string more = "") => Experiment(
        method, 20, $$"""
        mode = asynchronous
          asynchronous { until = {{until}}, threshold = 0, budget = 400, cooldown = 1ms, sample-probability = 0.9 }
          {{more}}
        """);

    /// <summary>Load balancers that learn.</summary>
    protected string LearningExperiment(string method, int episodes = 3) => ExperimentFile(
        $$"""
        family = datacenter, method = {{method}}
        datacenter {
          servers.workers = [1, 2], load-balancers = 2, policies = [sed], baseline = sed, repetitions = 1
          traffic.duration = 1s, actors = on
          learning { episodes = {{episodes}}, warm-up = 2, duration = 2s, updates = 1, batch = 2, sequence = 2, hidden = 4 }
        }
        checkpoint.interval = 0s
        """);

    /// <param name="keys">Of the section <c>akkalb</c>.</param>
    protected string ExperimentFile(string keys)
    {
        string file = Path.Combine(Folder, "small.conf");
        File.WriteAllText(file, $"akkalb {{\n  name = small\n  {keys}\n}}\n");
        return file;
    }

    /// <summary>The same in one process, without a cluster, into a folder that <see cref="ShouldBeUndisturbed"/> compares with.</summary>
    protected async Task<string> RunAloneAsync(string experiment, string name = "alone")
    {
        string folder = Path.Combine(Folder, name);
        using Program run = Program.Start(Folder, "run", experiment, "--out", folder);
        (await run.EndAsync(Deadline)).ExitCode.ShouldBe(0, run.Errors);
        return folder;
    }

    protected async Task<RunResult> RunOnClusterAsync(string experiment, string name, IRunObserver observer)
    {
        ExperimentRequest request = new(experiment) { OutputFolder = Path.Combine(Folder, name) };
        return await ClusterClient.RunAsync(
            await ClusterExperiment.ReadAsync(request, Deadline), new ClusterDatabase(Database, "the test"), observer, Deadline);
    }

    /// <summary>
    /// Every episode, or whatever the files tell, has the bits of the undisturbed run, every agent has stored the same decisions once, and
    /// the journals have no gap.
    /// </summary>
    protected static void ShouldBeUndisturbed(RunResult run, string alone, params string[] files)
    {
        run.Summary.Status.ShouldBe(RunSummary.Finished);
        foreach (string file in files.Length == 0 ? [RunFolder.EpisodesFile] : files)
        {
            File.ReadAllText(Path.Combine(run.RunFolder, file)).ShouldBe(File.ReadAllText(Path.Combine(alone, file)));
        }
        using JournalReader there = JournalReader.Open(JournalLocation.Of(run.RunFolder));
        using JournalReader here = JournalReader.Open(JournalLocation.Of(alone));
        JournalComparison.Compare(there, here, new EventFilter()).ShouldAllBe(difference => difference.IsNone);
        JournalVerifier.Verify(there, RunFolder.Open(run.RunFolder)).Problems.ShouldBeEmpty();
        File.Exists(Path.Combine(run.RunFolder, RunFolder.LogFile)).ShouldBeTrue();
    }

    /// <summary>Calls back after episodes.</summary>
    protected sealed class Observer : IRunObserver
    {
        private readonly Queue<(int Episode, Func<Task> Act)> _acts = new();
        private (string Part, Func<Task> Act)? _notice;
        private long _last;

        /// <summary>What was done, one after the other; fails as that did.</summary>
        public Task Done { get; private set; } = Task.CompletedTask;

        public long Episodes { get; private set; }

        /// <summary>The longest time between two episodes that came one after the other.</summary>
        public TimeSpan LongestGap { get; private set; }

        public Observer AfterNotice(string part, Func<Task> act)
        {
            _notice = (part, act);
            return this;
        }

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
            if (_notice is var (part, act) && line.Contains(part, StringComparison.Ordinal))
            {
                _notice = null;
                Done = AfterAsync(Done, act);
            }
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
                Done = AfterAsync(Done, next.Act);
            }
        }

        private static Task AfterAsync(Task before, Func<Task> act) => Task.Run(async () =>
        {
            await before;
            await act();
        });
    }
}

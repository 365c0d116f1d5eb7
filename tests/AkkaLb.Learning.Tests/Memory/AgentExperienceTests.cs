using AkkaLb.Domain;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Learning.Tests.Memory;

public class AgentExperienceTests
{
    private const int Width = 4, Iterations = 3;

    private static readonly ExperienceOptions Options = new() { Deltas = [0.05, 0.1, 0.1], MaxPolicyAge = 1, Size = 40 };

    public static TheoryData<RepresentativeSelection, ClusteringMethod, DistanceMetric> Kinds => new()
    {
        { RepresentativeSelection.DeltaNet, ClusteringMethod.MiniBatchKMeans, DistanceMetric.Euclidean },
        { RepresentativeSelection.DeltaNet, ClusteringMethod.MiniBatchKMeans, DistanceMetric.Cosine },
        { RepresentativeSelection.Clusters, ClusteringMethod.MiniBatchKMeans, DistanceMetric.Euclidean },
        { RepresentativeSelection.Clusters, ClusteringMethod.Agglomerative, DistanceMetric.Manhattan },
        { RepresentativeSelection.Reference, ClusteringMethod.MiniBatchKMeans, DistanceMetric.Euclidean },
        { RepresentativeSelection.Reference, ClusteringMethod.Agglomerative, DistanceMetric.Cosine },
    };

    [Fact]
    public void Recognises_NearState_GivesTheRestOfTheRememberedStates()
    {
        AgentExperience memory = Create(Options);
        float[] rest = [.. Enumerable.Range(0, 2 * Width).Select(i => (float)i)], taken = new float[2 * Width];
        memory.Open(0);
        memory.Recognises(1, [1, 0, 0, 0]).ShouldBeFalse();
        memory.Remember(1, [1, 0, 0, 0], rest, action: 0);
        memory.Open(0);
        memory.Recognises(1, [1, 0, 0.15f, 0]).ShouldBeFalse();
        memory.Recognises(2, [1, 0, 0, 0]).ShouldBeFalse("every exchange has a store of its own");
        Should.Throw<InvalidOperationException>(() => memory.Take(taken));
        memory.Open(0, factor: 2);
        memory.Recognises(1, [1, 0, 0.15f, 0]).ShouldBeTrue();
        memory.Take(taken);
        taken.ShouldBe(rest);
    }

    [Fact]
    public void Recognises_BeforeTheFirstExchange_ComparesTheObservationOnly()
    {
        AgentExperience memory = Create(Options);
        memory.Open(0);
        memory.Remember(0, [0.5f, 0.3f, 0, 0], new float[3 * Width], 0);
        memory.Recognises(0, [0.5f, 0.31f, 7, 7]).ShouldBeTrue();
    }

    [Fact]
    public void Open_PolicyTooFarOn_GivesEntriesUp()
    {
        AgentExperience memory = Create(Options);
        memory.Open(3);
        memory.Remember(1, [1, 0, 0, 0], new float[2 * Width], 0);
        memory.Open(4);
        memory.Recognises(1, [1, 0, 0, 0]).ShouldBeTrue();
        memory.Open(5);
        memory.Recognises(1, [1, 0, 0, 0]).ShouldBeFalse();
        memory.Count.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Restore_GoesOnWithTheSameBits(RepresentativeSelection representatives, ClusteringMethod clustering, DistanceMetric metric)
    {
        ExperienceOptions options = Options with
        {
            Representatives = representatives, Clustering = clustering, Metric = metric, Switching = LayerSwitching.Team,
            Deltas = [metric == DistanceMetric.Cosine ? 0.005 : 0.2],
        };
        TeamExperience straight = Team(options), first = Team(options), second = Team(options);
        Live(straight, 0, 400);
        Live(first, 0, 200);
        first.Mark();
        using MemoryStream stream = new();
        first.WriteMark(stream);
        stream.Position = 0;
        second.Restore(stream, "memory.bin");
        Live(second, 200, 400);
        byte[] expected = Bytes(straight);
        expected.Length.ShouldBeGreaterThan(1000);
        Bytes(second).ShouldBe(expected);
        first.ReturnToMark();
        Bytes(first).ShouldNotBe(expected);
        Live(first, 200, 300);
        first.ReturnToMark();
        Live(first, 200, 400);
        Bytes(first).ShouldBe(expected);
    }

    /// <summary>
    /// A crash at every horizon: what was noted up to there makes the same memory of one that knows only an earlier state.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Apply_WhatWasNoted_GivesTheSameBits(
        RepresentativeSelection representatives, ClusteringMethod clustering, DistanceMetric metric)
    {
        ExperienceOptions options = Options with
        {
            Representatives = representatives, Clustering = clustering, Metric = metric, Switching = LayerSwitching.Team,
            Deltas = [metric == DistanceMetric.Cosine ? 0.005 : 0.2],
        };
        TeamExperience team = Team(options);
        ExperienceChanges changes = new();
        team[0].Note(changes);
        AgentExperience applied = Create(options), restored = Create(options);
        ExperienceEntries entries = new();
        for (int now = 0; now < 400; now++)
        {
            // Δ grows now and then, and with it the entries of a Δ-net are placed anew.
            Live(team, now, now + 1, factor: 1 + now / 40 * 0.3);
            byte[] noted = changes.Take();
            applied.Apply(noted);
            entries.Apply(noted);
            byte[] expected = team[0].Save();
            applied.Save().ShouldBe(expected, $"horizon {now}");
            restored.Restore(expected);
            restored.Save().ShouldBe(expected);
        }
        team[0].Count.ShouldBeGreaterThan(0);
        entries.Count.ShouldBe(team[0].Count);
        entries.All.Select(e => (e.Key, e.Action, e.Version, e.LastUse, e.Uses)).ShouldBe(
            team[0].Stores
                .SelectMany((store, l) => store.Tables.SelectMany(
                    t => Enumerable.Range(0, t.Count).Select(row => (Exchange: l, Facts: t[row]))))
                .OrderBy(e => (e.Exchange, e.Facts.Born))
                .Select(e => (
                    new ExperienceKey(e.Exchange, e.Facts.Born), e.Facts.Action, e.Facts.Version, e.Facts.LastUse, e.Facts.Uses)));
    }

    /// <summary>An arrangement of one table with 2³¹ − 1 and with −1 rows, which are not there.</summary>
    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    public void Apply_DamagedCount_IsRefused(byte[] count)
    {
        const byte arranged = 7 * 2;
        Should.Throw<InvalidDataException>(() => new ExperienceEntries().Apply((byte[])[arranged, 0, 1, .. count]));
    }

    [Fact]
    public void Apply_CasesOfOneHorizon_AreNotedOnce()
    {
        AgentExperience memory = Create(Options), applied = Create(Options);
        ExperienceChanges changes = new();
        memory.Note(changes);
        float[] states = [.. Enumerable.Range(0, (Iterations + 1) * Width).Select(i => i * 0.37f)];
        memory.Open(0);
        for (int l = 0; l < Iterations; l++)
        {
            memory.Remember(l, states.AsSpan(l * Width), states.AsSpan((l + 1) * Width), 1);
        }
        byte[] noted = changes.Take();
        memory.Count.ShouldBe(Iterations);
        noted.Length.ShouldBeLessThan((Iterations * Width + 2) * sizeof(float) + 20 * Iterations);
        applied.Apply(noted);
        applied.Save().ShouldBe(memory.Save());
    }

    [Fact]
    public void Apply_BytesThatAreNoNotes_SaysSo()
    {
        AgentExperience memory = Create(Options);
        Should.Throw<InvalidDataException>(() => memory.Apply(new byte[] { 99 })).Message.ShouldContain("are no changes of a memory");
        // A row that is removed, one that is used, and one that others come from, of a memory that has none; a store that is none.
        foreach (byte[] noted in (byte[][])[[8, 0, 5], [12, 0, 0], [14, 0, 2, 1, 0, 0], [8, 77, 0]])
        {
            Should.Throw<InvalidDataException>(() => memory.Apply(noted)).Message.ShouldContain("are no changes of a memory");
        }
        Should.Throw<InvalidDataException>(() => memory.Restore([1, 2, 3]));
    }

    [Fact]
    public void Restore_FileCutShortOrOfAnotherMemory_SaysSo()
    {
        TeamExperience team = Team(Options);
        Live(team, 0, 50);
        byte[] bytes = Bytes(team);
        Should.Throw<InvalidInputException>(() => Team(Options).Restore(new MemoryStream(bytes[..^9]), "memory.bin"))
            .Message.ShouldStartWith("memory.bin: expected a whole experience memory");
        Should.Throw<InvalidInputException>(() => Team(Options with { Size = 7 }).Restore(new MemoryStream(bytes), "memory.bin"))
            .Message.ShouldStartWith("memory.bin: expected a memory of DeltaNet");
        Should.Throw<InvalidInputException>(() => Team(Options).Restore(new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8]), "memory.bin"))
            .Message.ShouldBe("memory.bin: expected an experience memory of format 1");
    }

    /// <summary>Two agents meet states of a small world, look them up, use them and remember the others.</summary>
    private static void Live(TeamExperience team, int from, int to, double factor = 1)
    {
        float[] outcome = new float[Iterations * Width];
        for (int now = from; now < to; now++)
        {
            var random = new RandomStream(8, "life", (ulong)now);
            for (int agent = 0; agent < team.AgentCount; agent++)
            {
                AgentExperience memory = team[agent];
                memory.Open(now / 150, factor);
                for (int l = 0; l < Iterations; l++)
                {
                    float[] state = [.. States.InSquare(random, 1), .. States.InSquare(random, 0.1)];
                    if (memory.Recognises(l, state))
                    {
                        memory.Take(outcome.AsSpan(l * Width));
                    }
                    else
                    {
                        memory.Remember(l, state, outcome.AsSpan(l * Width), random.NextInt32(2));
                    }
                }
            }
        }
    }

    private static byte[] Bytes(TeamExperience team)
    {
        team.Mark();
        using MemoryStream stream = new();
        team.WriteMark(stream);
        return stream.ToArray();
    }

    private static AgentExperience Create(ExperienceOptions options) => new(options, Iterations, Width, link: 0, seed: 1);

    private static TeamExperience Team(ExperienceOptions options) => new(options, 2, Iterations, Width, seed: 1);
}

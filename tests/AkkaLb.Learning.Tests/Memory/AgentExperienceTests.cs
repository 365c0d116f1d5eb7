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

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Begin_SameEpisodeAgain_GoesOnWithTheSameBits(
        RepresentativeSelection representatives, ClusteringMethod clustering, DistanceMetric metric)
    {
        ExperienceOptions options = Options with
        {
            Representatives = representatives, Clustering = clustering, Metric = metric, Switching = LayerSwitching.Team,
            Deltas = [metric == DistanceMetric.Cosine ? 0.005 : 0.2],
        };
        TeamExperience straight = Team(options), repeated = Team(options);
        for (int episode = 0; episode < 20; episode++)
        {
            Live(straight, episode * 20, (episode + 1) * 20);
            Begin(repeated, episode + 1).ShouldBeFalse();
            if (episode % 3 != 1)
            {
                Live(repeated, episode * 20, episode * 20 + 7 * (episode % 3));
                Begin(repeated, episode + 1).ShouldBeTrue();
                // And once more after a life that the other never had.
                Live(repeated, 500, 510);
                Begin(repeated, episode + 1).ShouldBeTrue();
            }
            Live(repeated, episode * 20, (episode + 1) * 20);
            Bytes(repeated).ShouldBe(Bytes(straight), $"episode {episode}");
        }
        repeated.Count.ShouldBeGreaterThan(0);

        static bool Begin(TeamExperience team, long play) => team[0].Begin(play) & team[1].Begin(play);
    }

    [Fact]
    public void Begin_AfterARestore_ReturnsToWhatWasRestored()
    {
        TeamExperience team = Team(Options);
        team[0].Begin(1);
        team[1].Begin(1);
        Live(team, 0, 50);
        team.Mark();
        Live(team, 50, 60);
        team.ReturnToMark();
        byte[] expected = Bytes(team);
        team[0].Begin(1).ShouldBeFalse();
        team[1].Begin(1).ShouldBeFalse();
        Live(team, 60, 70);
        Bytes(team).ShouldNotBe(expected);
        team[0].Begin(1).ShouldBeTrue();
        team[1].Begin(1).ShouldBeTrue();
        Bytes(team).ShouldBe(expected);
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
    private static void Live(TeamExperience team, int from, int to)
    {
        float[] outcome = new float[Iterations * Width];
        for (int now = from; now < to; now++)
        {
            var random = new RandomStream(8, "life", (ulong)now);
            for (int agent = 0; agent < team.AgentCount; agent++)
            {
                AgentExperience memory = team[agent];
                memory.Open(now / 150);
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

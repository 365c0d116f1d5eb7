using AkkaLb.Domain.Network;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network;

internal static class Episodes
{
    /// <summary>A made-up episode of the model: gaussian observations, random choices whose old probabilities are those of a uniform policy
    /// changed a little, so that some ratios are clipped.</summary>
    public static EpisodeTrajectory MadeUp(NetworkModel model, long number, ulong seed = 5, long version = 0)
    {
        var random = new RandomStream(seed, "made-up", (ulong)number);
        var episode = new EpisodeTrajectory(model, number, version);
        for (int step = 0; step <= model.Options.Horizons; step++)
        {
            episode.Objective[step] = episode.Measure[step] = random.NextDouble();
            for (int link = 0; link < model.LinkCount; link++)
            {
                Span<float> observation = episode.Observation(step, link);
                (observation[0], observation[1]) = ((float)random.NextGaussian(), (float)random.NextGaussian());
            }

            for (int decider = 0; step < model.Options.Horizons && decider < model.Decisions.Deciders; decider++)
            {
                int choices = model.Decisions.Choices;
                episode.Record(
                    step, decider, new Decision(random.NextInt32(choices), (float)(-Math.Log(choices) + 0.25 * random.NextGaussian())));
            }
        }

        return episode;
    }

    /// <summary>A topology of 4 nodes in which one link is entered by nobody: node 4 only sends.</summary>
    public static Topology WithSource() => new(
        "source", ["1", "2", "3", "4"],
        [Link(0, 1), Link(1, 0), Link(1, 2), Link(2, 1), Link(2, 0), Link(0, 2), Link(3, 0)]);

    private static Link Link(int from, int to) => new(new NodeId(from), new NodeId(to), 1e7);
}

namespace AkkaLb.Runtime.Tests.Experiments;

internal static class SmallExperiment
{
    /// <summary>Of the family network, played within a second.</summary>
    public const string Text = """
        akkalb {
          seed = 5
          network {
            topology = 4-node
            agents.message-iterations = 2
            training { episodes = 50, horizons = 5, update-every = 8 }
          }
          baselines.genetic { population = 10, generations = 3 }
          checkpoint.interval = 0s
        }
        """;
}

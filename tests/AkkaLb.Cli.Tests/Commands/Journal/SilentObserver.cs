using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Cli.Tests.Commands.Journal;

internal sealed class SilentObserver : IRunObserver
{
    public void Started(RunPlan plan)
    {
    }

    public void BaselinesFound(RunBaselines baselines)
    {
    }

    public void EpisodeFinished(EpisodeReport episode)
    {
    }

    public void Notice(string line)
    {
    }
}

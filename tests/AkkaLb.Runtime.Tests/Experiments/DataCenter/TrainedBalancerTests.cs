using AkkaLb.Domain;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Control;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Experiments.DataCenter;

namespace AkkaLb.Runtime.Tests.Experiments.DataCenter;

public sealed class TrainedBalancerTests : IDisposable
{
    private const string Training = """
        akkalb {
          family = datacenter, method = distr-lb, journal.enabled = off
          datacenter {
            policies = [sed], repetitions = 1, servers.workers = [1, 2, 4], traffic { rate = 4, duration = 5s }
            learning { episodes = 3, warm-up = 2, updates = 1, duration = 5s, replay = 8, hidden = 8, batch = 2 }
          }
        }
        """;

    /// <summary>Five decisions, a second apart, and the one that follows the last one's consequence: learning begins with it.</summary>
    private const int Episode = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Decide_AsItWasTrained_GivesOneOfItsLevelsAndTheSameAgain()
    {
        string run = await TrainAsync(Training);
        float[][] decided = [Play(run), Play(run)];
        decided[0].ShouldAllBe(weight => weight == 1 || weight == 1.5 || weight == 2);
        decided[1].ShouldBe(decided[0]);

        static float[] Play(string run)
        {
            using TrainedBalancer balancer = TrainedBalancer.Open(run, 0, learns: false, "", _ => { });
            balancer.Servers.ShouldBe(3);
            return Decide(balancer, moments: 20);
        }
    }

    [Fact]
    public async Task Decide_WholeEpisodes_LearnsAndGoesOnFromWhatWasSaved()
    {
        string run = await TrainAsync(Training);
        using SemaphoreSlim learnt = new(0);
        using (TrainedBalancer balancer = TrainedBalancer.Open(run, 1, learns: true, "", _ => learnt.Release()))
        {
            Decide(balancer, Episode);
            await learnt.WaitAsync();
            Decide(balancer, Episode);
            await learnt.WaitAsync();
            await balancer.SaveAsync(_folder["saved"]);
            await balancer.SaveAsync(_folder["saved"]);
        }
        using TrainedBalancer restored = TrainedBalancer.Open(run, 1, learns: true, _folder["saved"], _ => { });
        Decide(restored, moments: 3).ShouldAllBe(weight => weight >= 1);
        File.ReadAllBytes(Path.Combine(_folder["saved"], "weights.safetensors"))
            .ShouldNotBe(File.ReadAllBytes(Path.Combine(run, "checkpoint", "weights.safetensors")));
    }

    /// <summary>Whoever asks is told, and begins anew with what was saved before.</summary>
    [Fact]
    public async Task Decide_LearningThatDiverges_IsNoPolicyAndIsNotSaved()
    {
        using TrainedBalancer balancer = TrainedBalancer.Open(await TrainAsync(Training), 0, learns: true, "", _ => { });
        Decide(balancer, Episode, seconds: 1e30f);
        (await Should.ThrowAsync<RunFailedException>(() => balancer.SaveAsync(_folder["saved"]))).Message
            .ShouldStartWith("training has diverged");
        Should.Throw<RunFailedException>(() => Decide(balancer, moments: 1));
        Directory.Exists(_folder["saved"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_WhatIsNoBalancerOfARun_SaysWhatWasExpected()
    {
        string run = await TrainAsync(Training);
        Problem(run, 2).ShouldEndWith("its balancers are 0 to 1, found 2");
        Problem(await TrainAsync(Training.Replace("distr-lb", "centr-lb", StringComparison.Ordinal)), 0)
            .ShouldEndWith("a run of method centr-lb, expected distr-lb or rlb-sac, whose balancers decide each for itself");

        static string Problem(string run, int balancer) =>
            Should.Throw<InvalidInputException>(() => TrainedBalancer.Open(run, balancer, learns: false, "", _ => { })).Message;
    }

    private async Task<string> TrainAsync(string experiment)
    {
        string output = _folder[$"run-{experiment.GetHashCode(StringComparison.Ordinal):x}"];
        ExperimentRequest request = new(_folder.Write("training.conf", experiment)) { OutputFolder = output, Path = RunPath.Batched };
        await ExperimentRunner.RunAsync(request, new QuietObserver(), default);
        return output;
    }

    private static float[] Decide(TrainedBalancer balancer, int moments, float seconds = 0.1f)
    {
        LoadBalancerObservation observation = new(new LoadBalancerId(0), balancer.Servers);
        float[] weights = new float[balancer.Servers];
        for (int server = 0; server < balancer.Servers; server++)
        {
            observation.Available[server] = true;
        }
        for (int moment = 0; moment < moments; moment++)
        {
            observation.Ongoing(moment % balancer.Servers) = moment;
            observation.Durations(0)[(int)SampleStatistic.DecayedAverage] = seconds * moment;
            balancer.Observe(observation);
            balancer.Decide(weights);
        }
        return weights;
    }
}

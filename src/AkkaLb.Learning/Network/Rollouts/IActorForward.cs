using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Rollouts;

/// <summary>The actor's logits for the samples of a batch. One caller at a time.</summary>
internal interface IActorForward
{
    /// <summary>Sets what the agents of an episode observe before a horizon as a sample of the next pass.</summary>
    void Observe(EpisodeTrajectory episode, int step, int sample, int batch);

    void Forward(PolicySnapshot policy, int batch);

    /// <summary>Logit number link·A + output of a sample of the last pass.</summary>
    float Logit(int number, int sample, int batch);
}

/// <summary>By the kernels.</summary>
internal sealed unsafe class KernelActorForward(NetworkModel model, Kernel kernel, int capacity) : IActorForward
{
    private readonly ActorPass _pass = new(model, kernel, capacity, training: false);

    public void Observe(EpisodeTrajectory episode, int step, int sample, int batch) =>
        TransitionBatch.Observe(_pass.Messages, episode, step, sample, batch, model.LinkCount);

    public void Forward(PolicySnapshot policy, int batch)
    {
        _pass.Forward(policy.Parameters, batch);
        GC.KeepAlive(policy);
    }

    public float Logit(int number, int sample, int batch) => _pass.Logit(number, sample, batch);
}

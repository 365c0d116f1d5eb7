using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Backends;

/// <summary>
/// Computes losses, gradients and optimiser steps in place of the kernels of this library. Rollouts, replay, draws, memories and
/// checkpoints are the same whoever computes: between two updates all that is learnt lies in the learners' own buffers.
/// </summary>
public abstract class LearningBackend
{
    /// <summary>As configured: <c>torch</c>.</summary>
    public abstract string Name { get; }

    /// <returns>Null where the kernels are to be used.</returns>
    internal abstract IPpoUpdate? Ppo(PpoLearner learner);

    /// <summary>The actor's forward pass in rollouts, for architectures that the kernels do not have.</summary>
    /// <param name="capacity">Largest batch, in samples.</param>
    internal abstract IActorForward Actor(NetworkModel model, int capacity);

    /// <returns>Null where the kernels are to be used.</returns>
    internal abstract ISequenceUpdate? SacGru(SacGruLearner learner);

    /// <inheritdoc cref="SacGru"/>
    internal abstract ISequenceUpdate? QMix(QMixLearner learner);

    /// <inheritdoc cref="SacGru"/>
    internal abstract ISequenceUpdate? RlbSac(RlbSacLearner learner);
}

/// <summary>Optimiser steps of PPO on a loaded block of transitions. One caller at a time.</summary>
internal interface IPpoUpdate
{
    /// <summary>Takes parameters, moments and the number of steps from the learner.</summary>
    void Load();

    /// <summary>One step on transitions order[first … first + count).</summary>
    /// <param name="entropyCoefficient">Weight of the entropy in the loss.</param>
    /// <param name="rateShare">Factor on the learning rates.</param>
    /// <returns>What the minibatch adds to the statistics, and the joint norm of the gradient before clipping.</returns>
    (PpoSums Sums, double Norm) Step(TransitionBatch transitions, int first, int count, double entropyCoefficient, double rateShare);

    /// <summary>Gives parameters, moments and the number of steps back to the learner.</summary>
    void Store();
}

/// <summary>Gradient steps of a data-centre learner on the batch that it has drawn. One caller at a time.</summary>
internal interface ISequenceUpdate
{
    /// <summary>Takes the nets' parameters, moments, targets and numbers of steps from the learner.</summary>
    void Load();

    /// <summary>One step of all nets, of their targets and of the temperature.</summary>
    /// <param name="rateShare">Factor on the learning rates.</param>
    void Step(double rateShare, ref LearnerSums sums);

    /// <summary>Gives the nets back to the learner.</summary>
    void Store();
}

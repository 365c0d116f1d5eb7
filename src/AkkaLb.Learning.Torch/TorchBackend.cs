using AkkaLb.Domain;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;
using AkkaLb.Learning.Torch.DataCenter;
using AkkaLb.Learning.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch;

/// <summary>TorchSharp as backend: modules and autograd.</summary>
public sealed class TorchBackend : LearningBackend
{
    private readonly TorchTarget _target;

    // Where there are kernels, a step is never faster with torch (docs/torch.md).
    private readonly bool _whereFaster;

    private TorchBackend(TorchTarget target, bool whereFaster) => (_target, _whereFaster) = (target, whereFaster);

    public override string Name => "torch";

    /// <summary>To be registered with <see cref="LearningBackends"/>.</summary>
    /// <returns>Null where <see cref="BackendChoice.Auto"/> finds no library.</returns>
    /// <exception cref="InvalidInputException">The library cannot be loaded, or it has no such device; one line that says what to
    /// do.</exception>
    public static LearningBackend? Create(BackendOptions options)
    {
        bool auto = options.Choice == BackendChoice.Auto;
        if (TorchLibrary.Problem is { } problem)
        {
            return auto ? null : throw new InvalidInputException($"learning.backend is torch, but {problem}");
        }

        if (options.Device.StartsWith("cuda", StringComparison.Ordinal) && !cuda.is_available())
        {
            throw new InvalidInputException(
                $"learning.device is {options.Device}, but this libtorch has no CUDA: expected cpu, or the folder of a CUDA libtorch in "
                + TorchLibrary.Variable);
        }

        return new TorchBackend(new TorchTarget(torch.device(options.Device)), auto);
    }

    internal static TorchBackend Of(TorchTarget target) => new(target, whereFaster: false);

    internal override IPpoUpdate? Ppo(PpoLearner learner) =>
        _whereFaster && learner.Model.HasKernels ? null : new TorchPpo(learner, _target);

    internal override IActorForward Actor(NetworkModel model, int capacity) => new TorchActorForward(model, _target, capacity);

    internal override ISequenceUpdate? SacGru(SacGruLearner learner) =>
        _whereFaster ? null : new TorchSacGru(learner, _target);

    internal override ISequenceUpdate? QMix(QMixLearner learner) =>
        _whereFaster ? null : new TorchQMix(learner, _target);

    internal override ISequenceUpdate? RlbSac(RlbSacLearner learner) =>
        _whereFaster ? null : new TorchRlbSac(learner, _target);
}

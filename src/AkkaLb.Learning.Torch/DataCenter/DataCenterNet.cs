using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using static TorchSharp.torch;

namespace AkkaLb.Learning.Torch.DataCenter;

/// <summary>
/// A net of a data-centre learner beside its native one: parameters, moments and target go in and out, steps are made here.
/// </summary>
internal sealed class DataCenterNet
{
    private readonly TrainedNet _native;
    private readonly DataCenterLearningOptions _options;
    private readonly TorchNet _net;
    private readonly TorchNet? _target;
    private readonly AdamGroup[] _groups;

    /// <param name="target">A net of the same shape that follows slowly; null: none.</param>
    public DataCenterNet(TrainedNet native, nn.Module net, nn.Module? target, DataCenterLearningOptions options, TorchTarget where)
    {
        (_native, _options) = (native, options);
        _net = new TorchNet(net, native.Layout.Tensors, where);
        _target = target is null ? null : new TorchNet(target, native.Layout.Tensors, where);
        _groups = [new AdamGroup(0, native.Layout.Tensors.Count, options.LearningRate)];
    }

    public TrainedNet Native => _native;

    public void Load()
    {
        _net.Load(_native.Optimiser);
        _target?.Load(_native.Target!);
    }

    public void Store()
    {
        _net.Store(_native.Optimiser);
        _target?.Store(_native.Target!);
    }

    public void ZeroGradients() => _net.ZeroGradients();

    public void StoreGradients(AlignedBuffer gradients) => _net.StoreGradients(gradients);

    /// <summary>One step with the gradients that backward() has left; the target follows.</summary>
    /// <returns>The gradient's norm before clipping.</returns>
    public double Step(double rateShare)
    {
        double norm = _net.Step(_groups, _options.AdamBeta1, _options.AdamBeta2, _options.AdamEpsilon, _options.GradientNorm, rateShare);
        _target?.Approach(_net, _options.TargetShare);
        return norm;
    }
}

/// <summary>A drawn batch as tensors.</summary>
internal static class Sequences
{
    /// <summary>[burn-in + 1, rows]: 0 before which step a row's state is cleared, else 1.</summary>
    public static Tensor Keeps(SequenceBatch batch, TorchTarget target)
    {
        float[] keeps = new float[(batch.BurnIn + 1) * batch.Batch];
        for (int i = 0; i < keeps.Length; i++)
        {
            keeps[i] = batch.Starts[i % batch.Batch] == i / batch.Batch ? 0 : 1;
        }

        return target.Of(keeps, batch.BurnIn + 1, batch.Batch);
    }
}

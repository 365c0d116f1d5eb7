using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>The critic's values of every state of a block, H + 1 per episode, computed in parallel.</summary>
internal sealed unsafe class CriticValues : IParallelWork
{
    private const int Parts = 8, BatchRows = 256;

    private readonly NetworkModel _model;
    private readonly WorkerTeam _team;
    private readonly AlignedBuffer _parameters;
    private readonly CriticPass[] _passes;
    private readonly int _capacity;
    private IReadOnlyList<EpisodeTrajectory> _episodes = [];
    private float[] _values = [];

    public CriticValues(NetworkModel model, Kernel kernel, WorkerTeam team, AlignedBuffer parameters)
    {
        (_model, _team, _parameters) = (model, team, parameters);
        _capacity = Math.Max(1, BatchRows / model.LinkCount);
        _passes = [.. Enumerable.Range(0, Parts).Select(_ => new CriticPass(model, kernel, _capacity, training: false))];
    }

    public ReadOnlySpan<float> Compute(IReadOnlyList<EpisodeTrajectory> episodes)
    {
        _episodes = episodes;
        int states = episodes.Count * (_model.Options.Horizons + 1);
        if (_values.Length != states)
        {
            _values = new float[states];
        }

        _team.Run(this, Parts);
        return _values;
    }

    void IParallelWork.Execute(int part)
    {
        int states = _model.Options.Horizons + 1;
        int first = (int)((long)_values.Length * part / Parts), end = (int)((long)_values.Length * (part + 1) / Parts);
        CriticPass pass = _passes[part];
        for (; first < end; first += _capacity)
        {
            int batch = Math.Min(_capacity, end - first);
            for (int b = 0; b < batch; b++)
            {
                (int episode, int step) = Math.DivRem(first + b, states);
                TransitionBatch.Observe(pass.Messages, _episodes[episode], step, b, batch, _model.LinkCount);
            }

            pass.Forward(_parameters.Pointer, batch);
            new ReadOnlySpan<float>(pass.Values, batch).CopyTo(_values.AsSpan(first, batch));
        }
    }
}

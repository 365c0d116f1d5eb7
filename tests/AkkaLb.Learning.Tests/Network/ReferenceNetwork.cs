using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Models;
using AkkaLb.Learning.Network.Rollouts;

namespace AkkaLb.Learning.Tests.Network;

/// <summary>
/// Actor, critic and PPO's loss written down plainly in double, sample by sample and agent by agent, from the specification's
/// sections 2.4, 2.5 and 4. The message net sees the concatenated states here.
/// </summary>
internal sealed class ReferenceNetwork(NetworkModel model, double[] parameters)
{
    private readonly NetworkLearningOptions _options = model.Options;
    private readonly Dictionary<string, (ParameterTensor Weight, ParameterTensor Bias)[]> _layers = [];

    /// <summary>Final hidden states of all agents from the observations [N, 2].</summary>
    public double[][] Exchange(string net, ReadOnlySpan<float> observations)
    {
        int state = model.HiddenState;
        var h = new double[model.LinkCount][];
        for (int link = 0; link < h.Length; link++)
        {
            h[link] = new double[state];
            h[link][0] = observations[2 * link];
            h[link][1] = observations[2 * link + 1];
        }

        for (int l = 0; l < model.MessageIterations; l++)
        {
            h = [.. Enumerable.Range(0, h.Length).Select(link =>
            {
                double[][] messages = [.. model.Predecessors(link).ToArray().Select(sender =>
                    Mlp($"{net}.message", [.. h[sender], .. h[link]], lastTanh: true))];
                double[] max = [.. Enumerable.Range(0, state).Select(d => messages.Select(m => m[d]).DefaultIfEmpty().Max())];
                double[] min = [.. Enumerable.Range(0, state).Select(d => messages.Select(m => m[d]).DefaultIfEmpty().Min())];
                return Mlp($"{net}.update", [.. h[link], .. max, .. min], lastTanh: true);
            })];
        }

        return h;
    }

    /// <summary>N·A logits, link by link, not rearranged.</summary>
    public double[] Logits(ReadOnlySpan<float> observations)
    {
        double[][] h = Exchange("actor", observations);
        return [.. h.SelectMany((state, link) =>
            Mlp(_options.Readout == ReadoutMode.PerAgent ? $"actor.readout.{link}" : "actor.readout", state, lastTanh: false))];
    }

    public double Value(ReadOnlySpan<float> observations)
    {
        double[][] h = Exchange("critic", observations);
        double[][] columns = [.. Enumerable.Range(0, model.HiddenState).Select(d => h.Select(state => state[d]).ToArray())];
        double[] pooled =
        [
            .. columns.Select(c => c.Average()), .. columns.Select(c => c.Max()), .. columns.Select(c => c.Min()),
            .. columns.Select(c => Math.Sqrt(c.Average(x => (x - c.Average()) * (x - c.Average())))),
        ];
        return Mlp("critic.head", pooled, lastTanh: false)[0];
    }

    /// <summary>The loss over transitions given as (episode, step, advantage, return).</summary>
    public double Loss(IReadOnlyList<(EpisodeTrajectory Episode, int Step, double Advantage, double Return)> transitions)
    {
        double policy = 0, entropy = 0, critic = 0;
        DecisionLayout decisions = model.Decisions;
        foreach (var (episode, step, advantage, target) in transitions)
        {
            ReadOnlySpan<float> observations = episode.Observations.Slice(step * model.LinkCount * 2, model.LinkCount * 2);
            double[] all = Logits(observations);
            critic += Math.Pow(target - Value(observations), 2);
            for (int decider = 0; decider < decisions.Deciders; decider++)
            {
                double[] logits = [.. Enumerable.Range(0, decisions.Choices).Select(choice => all[decisions.LogitOf(decider, choice)])];
                double logSum = Math.Log(logits.Sum(Math.Exp));
                double[] logProbabilities = [.. logits.Select(l => l - logSum)];
                double ratio = Math.Exp(logProbabilities[episode.Choices(step)[decider]] - episode.LogProbabilities(step)[decider]);
                policy += Math.Max(-advantage * ratio, -advantage * Math.Clamp(ratio, 1 - _options.Clip, 1 + _options.Clip));
                entropy -= logProbabilities.Sum(lp => Math.Exp(lp) * lp);
            }
        }

        double count = (double)transitions.Count * decisions.Deciders;
        return policy / count - _options.EntropyCoefficient * entropy / count + _options.CriticCoefficient * critic / transitions.Count;
    }

    private double[] Mlp(string name, double[] x, bool lastTanh)
    {
        (ParameterTensor Weight, ParameterTensor Bias)[] layers = Layers(name);
        for (int layer = 0; layer < layers.Length; layer++)
        {
            (ParameterTensor weight, ParameterTensor bias) = layers[layer];
            var y = new double[weight.Outputs];
            for (int j = 0; j < y.Length; j++)
            {
                double sum = parameters[bias.Offset + j];
                for (int i = 0; i < x.Length; i++)
                {
                    sum += x[i] * parameters[weight.Offset + i * weight.Outputs + j];
                }

                y[j] = layer == layers.Length - 1 && !lastTanh ? sum : Math.Tanh(sum);
            }

            x = y;
        }

        return x;
    }

    private (ParameterTensor Weight, ParameterTensor Bias)[] Layers(string name)
    {
        if (!_layers.TryGetValue(name, out var layers))
        {
            ParameterTensor[] tensors = [.. model.Parameters.Where(t => t.Name.StartsWith(name + ".", StringComparison.Ordinal))];
            layers = [.. tensors.Where(t => !t.IsBias).Zip(tensors.Where(t => t.IsBias))];
            _layers.Add(name, layers);
        }

        return layers;
    }
}

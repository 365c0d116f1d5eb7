using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Learners;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Agents;

/// <summary>What a link agent carries from horizon to horizon; a plain value.</summary>
public readonly record struct LinkAgentState(ObservationNormaliser Normaliser, double Weight);

/// <summary>
/// One link agent's arithmetic. Every method is a function of its arguments only; the object holds nothing but scratch memory, so it
/// belongs to one agent (one thread at a time) and a restarted agent that replays its episode gets the same bits. So does the batched
/// trainer: a row of a batch goes through the same chains of operations. Nothing is allocated after construction. It computes several
/// lanes at once: the same agent in episodes that do not depend on each other.
/// </summary>
public sealed unsafe class LinkAgentCore
{
    private readonly NetworkModel _model;
    private readonly MessageNet _net;
    private readonly AlignedBuffer _scratch;
    private readonly float* _senders, _receiver, _hidden, _messages, _input, _layers, _output;
    private readonly double[] _logProbabilities;

    /// <param name="lanes">Episodes that are computed at once at most.</param>
    public LinkAgentCore(NetworkModel model, int link, int lanes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)link, (uint)model.LinkCount);
        _model = model;
        _net = model.ActorMessages;
        Link = link;
        PredecessorCount = model.Predecessors(link).Length;
        _logProbabilities = new double[model.ActionCount];

        int state = model.HiddenState, hidden = _net.Output.Inputs;
        int layers = Math.Max(_net.Update.HiddenWidth, model.ReadoutOf(link).HiddenWidth);
        int[] sizes =
        [
            PredecessorCount * hidden, hidden, PredecessorCount * hidden, PredecessorCount * state, 3 * state, layers,
            Math.Max(PredecessorCount * state, Math.Max(state, model.ActionCount)),
        ];
        sizes = [.. sizes.Select(size => size * lanes)];
        _scratch = new AlignedBuffer(sizes.Sum(AlignedBuffer.Align));
        float* at = _scratch.Pointer;
        _senders = Take(0);
        _receiver = Take(1);
        _hidden = Take(2);
        _messages = Take(3);
        _input = Take(4);
        _layers = Take(5);
        _output = Take(6);

        float* Take(int index)
        {
            float* taken = at;
            at += AlignedBuffer.Align(sizes[index]);
            return taken;
        }
    }

    public int Link { get; }

    /// <summary>Number of agents whose states it hears in an exchange.</summary>
    public int PredecessorCount { get; }

    /// <summary>The state at the start of an episode.</summary>
    /// <param name="initialWeight">The link's entry in <see cref="Domain.Network.NetworkScenario.InitialWeights"/>.</param>
    public static LinkAgentState Start(double initialWeight) => new(ObservationNormaliser.Start, initialWeight);

    /// <summary>Takes in the link's utilisation, once at the start of an episode and once after every horizon.</summary>
    /// <param name="utilisation">Load over capacity, ≥ 0.</param>
    /// <param name="observation">Receives 2 values, what the policy sees of load and weight.</param>
    public LinkAgentState Observe(LinkAgentState state, double utilisation, Span<float> observation) =>
        Observe(_model.Options, state, utilisation, observation);

    internal static LinkAgentState Observe(
        NetworkLearningOptions options, LinkAgentState state, double utilisation, Span<float> observation)
    {
        double weight = state.Weight / (3.0 * options.MaxInitialWeight);
        if (!options.NormaliseObservations)
        {
            observation[0] = (float)utilisation;
            observation[1] = (float)weight;
            return state;
        }

        ObservationNormaliser normaliser = state.Normaliser.Observe(utilisation, weight, out observation[0], out observation[1]);
        return state with { Normaliser = normaliser };
    }

    /// <summary>h⁰ = observation ‖ 0.</summary>
    /// <param name="observation">2 values for each lane.</param>
    /// <param name="hidden">Receives D values for each lane.</param>
    public void Encode(ReadOnlySpan<float> observation, Span<float> hidden)
    {
        int lanes = observation.Length / 2, state = _model.HiddenState;
        hidden[..(lanes * state)].Clear();
        for (int lane = 0; lane < lanes; lane++)
        {
            observation.Slice(2 * lane, 2).CopyTo(hidden[(lane * state)..]);
        }
    }

    /// <summary>One exchange: the next hidden state from the own one and those of the predecessors.</summary>
    /// <param name="own">D values for each of L lanes.</param>
    /// <param name="incoming">The predecessors' states, L·D values each, in the order of <see cref="NetworkModel.Predecessors"/>.</param>
    /// <param name="next">Receives L·D values; may be <paramref name="own"/>.</param>
    public void Iterate(PolicySnapshot policy, ReadOnlySpan<float> own, ReadOnlySpan<float> incoming, Span<float> next)
    {
        Kernel kernel = Kernel.Best;
        float* parameters = policy.Parameters;
        int state = _model.HiddenState, hidden = _net.Output.Inputs, senders = PredecessorCount, lanes = own.Length / state;
        for (int lane = 0; lane < lanes; lane++)
        {
            own.Slice(lane * state, state).CopyTo(new Span<float>(_input + lane * 3 * state, state));
        }

        int rows = senders * lanes;
        incoming[..(rows * state)].CopyTo(new Span<float>(_output, rows * state));
        kernel.MatMul(_output, state, 1, parameters + _net.Sender.Weight, hidden, _senders, hidden, rows, hidden, state, GemmStart.Zero);
        _net.Receiver.Forward(kernel, parameters, _input, 3 * state, lanes, _receiver, hidden, tanh: false);
        int block = lanes * hidden;
        for (int s = 0; s < senders; s++)
        {
            kernel.AddTanh(_hidden + s * block, _senders + s * block, _receiver, block);
        }

        _net.Output.Forward(kernel, parameters, _hidden, hidden, rows, _messages, state, tanh: true);
        kernel.MaxMin(_messages, senders, lanes, state, _input + state, _input + 2 * state, 3 * state, null, null);
        _net.Update.Forward(kernel, parameters, _input, 3 * state, lanes, _layers, _output, state);
        new ReadOnlySpan<float>(_output, lanes * state).CopyTo(next);
        GC.KeepAlive(policy);
    }

    /// <summary>The link's logits from its final hidden state.</summary>
    /// <param name="hidden">D values for each of L lanes.</param>
    /// <param name="logits">Receives A values for each lane.</param>
    public void Logits(PolicySnapshot policy, ReadOnlySpan<float> hidden, Span<float> logits)
    {
        hidden.CopyTo(new Span<float>(_input, hidden.Length));
        int actions = _model.ActionCount, lanes = hidden.Length / _model.HiddenState;
        _model.ReadoutOf(Link).Forward(Kernel.Best, policy.Parameters, _input, _model.HiddenState, lanes, _layers, _output, actions);
        new ReadOnlySpan<float>(_output, lanes * actions).CopyTo(logits);
        GC.KeepAlive(policy);
    }

    /// <summary>The link's own decision, where <see cref="DecisionLayout.IsLocal"/>.</summary>
    /// <param name="sample">False takes the likeliest action.</param>
    /// <param name="uniform">The draw of this horizon, in [0, 1).</param>
    public Decision Decide(ReadOnlySpan<float> logits, bool sample, double uniform) =>
        Categorical.Decide(logits[.._model.ActionCount], sample, uniform, _logProbabilities);

    /// <summary>The state after an action.</summary>
    /// <param name="horizon">Of the episode, from 0.</param>
    public LinkAgentState Apply(LinkAgentState state, int action, int horizon) => Apply(_model.Options, state, action, horizon);

    internal static LinkAgentState Apply(NetworkLearningOptions options, LinkAgentState state, int action, int horizon) =>
        state with { Weight = options.Actions[action].Halved(options.Halvings(horizon)).ApplyWithin(state.Weight) };
}

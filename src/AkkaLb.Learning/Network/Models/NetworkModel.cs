using AkkaLb.Domain.Network;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Network.Models;

/// <summary>
/// The shape of actor and critic for one topology and set of options: who hears whom, and which parameters there are and where they
/// lie. Immutable, shared by agents, learner and trainer.
/// </summary>
public sealed class NetworkModel
{
    private readonly int[][] _predecessors;
    private readonly MessageNet? _actorMessages;

    /// <exception cref="Domain.InvalidInputException">An option is out of its range.</exception>
    public NetworkModel(NetworkLearningOptions options, Topology topology)
    {
        options.Validate();
        Options = options;
        Topology = topology;
        LinkCount = topology.LinkCount;
        MessageIterations = ExchangesOn(topology, options.MessageIterations);
        _predecessors = [.. Enumerable.Range(0, LinkCount).Select(link => topology.Predecessors(new LinkId(link)).ToArray())];
        MessagesPerExchange = _predecessors.Sum(senders => senders.Length);
        MaxPredecessors = _predecessors.Max(senders => senders.Length);
        Decisions = new DecisionLayout(options, LinkCount);

        int state = options.HiddenState, wide = options.WideLayer, narrow = options.NarrowLayer;
        var layout = new ParameterLayout();
        AttentionLayers = HasKernels ? [] : Attention(layout, options, MessageIterations);
        _actorMessages = HasKernels ? new MessageNet(layout, "actor", options) : null;
        Readouts = options.Readout == ReadoutMode.PerAgent
            ? [.. Enumerable.Range(0, LinkCount).Select(link => Readout($"actor.readout.{link}"))]
            : [Readout("actor.readout")];
        ActorTensors = layout.Tensors.Count;
        ActorLength = layout.Length;
        CriticMessages = new MessageNet(layout, "critic", options);
        CriticHead = layout.AddMlp("critic.head", [4 * state, wide, narrow, 1], lastGain: 1, lastTanh: false);
        Layout = layout;

        Mlp Readout(string name) => layout.AddMlp(name, [state, wide, narrow, ActionCount], lastGain: 0.01, lastTanh: false);
    }

    /// <summary>K where so many are configured: all of them, or the topology's diameter for 0.</summary>
    public static int ExchangesOn(Topology topology, int configured) => configured > 0 ? configured : topology.Diameter();

    /// <summary>The same nets on another topology.</summary>
    /// <exception cref="ArgumentException">Agents have readouts of their own, which the agents of another topology do not have.</exception>
    public NetworkModel On(Topology topology) =>
        ReferenceEquals(topology, Topology) ? this
        : Options.Readout == ReadoutMode.PerAgent ? throw new ArgumentException("expected a shared readout", nameof(topology))
        : new NetworkModel(Options, topology);

    public NetworkLearningOptions Options { get; }

    public Topology Topology { get; }

    /// <summary>Agents, N.</summary>
    public int LinkCount { get; }

    /// <summary>Exchanges before a decision, K.</summary>
    public int MessageIterations { get; }

    /// <summary>Messages that all agents together send in one exchange, M.</summary>
    public int MessagesPerExchange { get; }

    /// <summary>Hidden states that agents send in an episode in which every iteration is exchanged.</summary>
    public long MessagesPerEpisode => (long)MessagesPerExchange * MessageIterations * Options.Horizons;

    /// <summary>A.</summary>
    public int ActionCount => Options.Actions.Count;

    /// <summary>D.</summary>
    public int HiddenState => Options.HiddenState;

    /// <summary>Parameters of actor and critic with their names and places.</summary>
    public IReadOnlyList<ParameterTensor> Parameters => Layout.Tensors;

    public int ActorParameterCount => Layout.Tensors.Take(ActorTensors).Sum(tensor => tensor.Count);

    public int CriticParameterCount => Layout.Tensors.Skip(ActorTensors).Sum(tensor => tensor.Count);

    /// <summary>Which logits belong to which choice of whom.</summary>
    public DecisionLayout Decisions { get; }

    /// <summary>The links that a link's agent hears, in the order in which their states are given to it.</summary>
    public ReadOnlySpan<int> Predecessors(int link) => _predecessors[link];

    internal int MaxPredecessors { get; }

    internal ParameterLayout Layout { get; }

    internal MessageNet ActorMessages => _actorMessages ?? throw NeedsBackend();

    /// <summary>Heads, inputs and features per head of each attention layer; none where messages are passed.</summary>
    internal IReadOnlyList<AttentionLayer> AttentionLayers { get; }

    /// <summary>Whether the kernels of this library can compute the actor, and so link agents can act by themselves.</summary>
    public bool HasKernels => Options.Architecture == ActorArchitecture.MessagePassing;

    internal MessageNet CriticMessages { get; }

    /// <summary>One readout, or one per link.</summary>
    internal Mlp[] Readouts { get; }

    internal Mlp CriticHead { get; }

    /// <summary>The actor's tensors come first.</summary>
    internal int ActorTensors { get; }

    /// <summary>Floats of the actor's part of a parameter buffer, which comes first.</summary>
    internal int ActorLength { get; }

    /// <summary>max(1, K − 1) layers whose heads are concatenated, then one of a single head (specification section 2.6).</summary>
    private static AttentionLayer[] Attention(ParameterLayout layout, NetworkLearningOptions options, int iterations)
    {
        int inputs = options.HiddenState, wide = Math.Max(1, iterations - 1);
        var layers = new AttentionLayer[wide + 1];
        for (int i = 0; i <= wide; i++)
        {
            layers[i] = i < wide
                ? new AttentionLayer(options.AttentionHeads, inputs, options.AttentionWidth)
                : new AttentionLayer(1, inputs, options.HiddenState);
            layout.AddDense($"actor.attention.{i}.linear", inputs, layers[i].Outputs, Math.Sqrt(2));
            layout.AddDense($"actor.attention.{i}.score", 2 * layers[i].Features, 1, Math.Sqrt(2));
            inputs = layers[i].Outputs;
        }

        return layers;
    }

    /// <summary>What is to be said where an actor without kernels is asked to act by itself.</summary>
    /// <param name="where">The file that says so, and a colon.</param>
    public static Domain.InvalidInputException NeedsBackend(string where = "") => new(
        where + "'akkalb.network.agents.architecture' is attention: expected it with 'akkalb.learning.backend' = torch and "
        + "'akkalb train', as link agents pass messages");

    internal Mlp ReadoutOf(int link) => Readouts[Readouts.Length == 1 ? 0 : link];
}

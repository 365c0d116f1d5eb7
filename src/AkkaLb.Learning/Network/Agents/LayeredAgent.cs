using System.Runtime.InteropServices;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Agents;

/// <summary>
/// One link agent's horizon with both layers, memory and exchange; all arithmetic is <see cref="LinkAgentCore"/>'s. A horizon is
/// <see cref="Open"/>; until <see cref="IsComplete"/>: <see cref="Recognises"/> and <see cref="Answer"/>, or <see cref="Exchange"/>; then
/// <see cref="Logits"/> and <see cref="Remember"/>. Whoever runs it asks predecessors for their <see cref="State"/>, which is there as soon
/// as they have <see cref="Known"/> it. Without a memory it recognises and remembers nothing, and may go through several lanes at once: the
/// same horizon of episodes that do not depend on each other. A memory changes from episode to episode, so with one there is one lane.
/// </summary>
public sealed class LayeredAgent
{
    private readonly NetworkModel _model;
    private readonly LinkAgentCore _core;
    private readonly AgentExperience? _memory;
    private readonly float[] _states;
    private readonly bool[] _familiar;
    private readonly float[]?[] _shared;
    private PolicySnapshot? _policy;

    // Values of one exchange's states: L·D.
    private int _width;

    /// <param name="core">For as many lanes.</param>
    /// <param name="memory">This agent's own, of the model's K and D; null: none.</param>
    /// <param name="lanes">At most; 1 with a memory.</param>
    public LayeredAgent(NetworkModel model, LinkAgentCore core, AgentExperience? memory, int lanes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, memory is null ? int.MaxValue : 1);
        (_model, _core, _memory) = (model, core, memory);
        _states = new float[(model.MessageIterations + 1) * lanes * model.HiddenState];
        _familiar = new bool[model.MessageIterations];
        _shared = new float[]?[model.MessageIterations + 1];
    }

    /// <summary>The hidden states h⁰ … h^Known are known, computed or remembered; 0 … K, and −1 before the first horizon.</summary>
    public int Known { get; private set; } = -1;

    /// <summary>Exchanges that the agent has made in this horizon; they come before everything remembered.</summary>
    public int Exchanges { get; private set; }

    public bool IsComplete => Known == _model.MessageIterations;

    /// <summary>Begins a horizon.</summary>
    /// <param name="observation">2 values for each lane.</param>
    /// <param name="factor">What Δ is multiplied by.</param>
    public void Open(PolicySnapshot policy, ReadOnlySpan<float> observation, double factor = 1)
    {
        _policy = policy;
        (Known, Exchanges) = (0, 0);
        Array.Clear(_shared);
        _width = observation.Length / 2 * _model.HiddenState;
        _memory?.Open(policy.Version, factor);
        _core.Encode(observation, _states);
    }

    /// <summary>h of an exchange up to <see cref="Known"/>, D values for each lane.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not known yet.</exception>
    public ReadOnlySpan<float> State(int iteration)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iteration, Known);
        return _states.AsSpan(iteration * _width, _width);
    }

    /// <summary>A state for those who ask for it: one copy for all of them, never written again.</summary>
    /// <inheritdoc cref="State"/>
    public float[] Share(int iteration) => _shared[iteration] ??= State(iteration).ToArray();

    /// <summary>Whether the memory knows the state before the next exchange.</summary>
    public bool Recognises() => _familiar[Known] = _memory is not null && _memory.Recognises(Known, State(Known));

    /// <summary>Takes all further states from memory; after <see cref="Recognises"/> was true.</summary>
    public void Answer()
    {
        _memory!.Take(_states.AsSpan((Known + 1) * _width));
        Known = _model.MessageIterations;
    }

    /// <summary>Makes the next exchange.</summary>
    /// <param name="incoming">
    /// The predecessors' states before it, L·D values each, in the order of <see cref="NetworkModel.Predecessors"/>.
    /// </param>
    public void Exchange(ReadOnlySpan<float> incoming)
    {
        _core.Iterate(_policy!, State(Known), incoming, _states.AsSpan((Known + 1) * _width));
        Known++;
        Exchanges++;
    }

    /// <summary>The link's logits; needs <see cref="IsComplete"/>.</summary>
    /// <param name="logits">Receives A values for each lane.</param>
    public void Logits(Span<float> logits) => _core.Logits(_policy!, State(_model.MessageIterations), logits);

    /// <summary>Remembers the states of the exchanges that were made.</summary>
    /// <param name="action">The action taken, or <see cref="AgentExperience.NoAction"/>.</param>
    public void Remember(int action)
    {
        if (_memory is null)
        {
            return;
        }

        for (int l = 0; l < Exchanges; l++)
        {
            if (!_familiar[l] || _memory.RemembersFamiliar)
            {
                _memory.Remember(l, State(l), _states.AsSpan((l + 1) * _width), action);
            }
        }
    }
    /// <summary>Writes where its horizon stands, for <see cref="Read"/>; its memory is written by itself.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Known);
        writer.Write(Exchanges);
        writer.Write(_width);
        writer.Write(MemoryMarshal.AsBytes(_states.AsSpan(0, (Known + 1) * _width)));
        writer.Write(MemoryMarshal.AsBytes(_familiar.AsSpan()));
    }

    /// <summary>Goes on where an agent of the same model and as many lanes was.</summary>
    /// <param name="policy">The policy that it followed.</param>
    public void Read(BinaryReader reader, PolicySnapshot policy)
    {
        _policy = policy;
        (Known, Exchanges, _width) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        Array.Clear(_shared);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_states.AsSpan(0, (Known + 1) * _width)));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_familiar.AsSpan()));
    }
}

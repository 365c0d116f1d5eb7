namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// The hidden states that an agent has received for one round, by message iteration and predecessor. Neighbours run
/// ahead of each other, so a state may come before the agent is at its iteration, or even before the round has opened.
/// </summary>
/// <param name="width">Values of one lane's state, D.</param>
/// <param name="lanes">At most.</param>
internal sealed class HiddenStateInbox(int iterations, int predecessors, int width, int lanes)
{
    private readonly float[] _states = new float[iterations * predecessors * width * lanes];
    private readonly int[] _received = new int[iterations];

    // Values of a state in this round, of all its lanes; 0 before the first has come.
    private int _size;

    public int Round { get; private set; } = -1;

    /// <summary>States received in this round, each of all lanes.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the inbox for another round.</summary>
    public void Open(int round)
    {
        Round = round;
        (Count, _size) = (0, 0);
        Array.Clear(_received);
    }

    /// <exception cref="ArgumentException">The state or the iteration is not of this agent's model.</exception>
    public void Put(int iteration, int predecessor, ReadOnlySpan<float> state)
    {
        _size = _size == 0 ? state.Length : _size;
        if (state.Length != _size || _size == 0 || _size % width != 0 || _size > width * lanes || (uint)iteration >= (uint)iterations)
        {
            throw new ArgumentException(
                $"expected hidden states of {width} values for up to {lanes} lanes at an iteration below {iterations}, got {state.Length} "
                    + $"at {iteration}");
        }
        state.CopyTo(_states.AsSpan((iteration * predecessors + predecessor) * _size));
        _received[iteration]++;
        Count++;
    }

    public bool IsComplete(int iteration) => _received[iteration] == predecessors;

    /// <summary>All states of an iteration, predecessor by predecessor: [predecessors × lanes × width].</summary>
    public ReadOnlySpan<float> States(int iteration) => _states.AsSpan(iteration * predecessors * _size, predecessors * _size);
}

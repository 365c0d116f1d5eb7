namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>
/// The hidden states that an agent has received for one round, by message iteration and predecessor. Neighbours run
/// ahead of each other, so a state may come before the agent is at its iteration, or even before the round has opened.
/// </summary>
internal sealed class HiddenStateInbox(int iterations, int predecessors, int width)
{
    private readonly float[] _states = new float[iterations * predecessors * width];
    private readonly int[] _received = new int[iterations];

    public int Round { get; private set; } = -1;

    /// <summary>States received in this round.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the inbox for another round.</summary>
    public void Open(int round)
    {
        Round = round;
        Count = 0;
        Array.Clear(_received);
    }

    /// <exception cref="ArgumentException">The state or the iteration is not of this agent's model.</exception>
    public void Put(int iteration, int predecessor, ReadOnlySpan<float> state)
    {
        if (state.Length != width || (uint)iteration >= (uint)iterations)
        {
            throw new ArgumentException($"expected a hidden state of {width} values at an iteration below {iterations}, got {state.Length} at {iteration}");
        }
        state.CopyTo(_states.AsSpan((iteration * predecessors + predecessor) * width));
        _received[iteration]++;
        Count++;
    }

    public bool IsComplete(int iteration) => _received[iteration] == predecessors;

    /// <summary>All states of an iteration, predecessor by predecessor: [predecessors × width].</summary>
    public ReadOnlySpan<float> States(int iteration) => _states.AsSpan(iteration * predecessors * width, predecessors * width);
}

using AkkaLb.Learning.Learners;

namespace AkkaLb.Learning.Network.Asynchronous;

/// <summary>Takes what an <see cref="AsynchronousAgent"/> does.</summary>
public interface IAsynchronousOutbox
{
    /// <summary>Ask a predecessor for its hidden state.</summary>
    /// <param name="horizon">The asking agent's horizon, to be repeated in the answer.</param>
    /// <param name="iteration">Exchanges that the state has behind it.</param>
    /// <param name="change">The latest outside change that the agent knows of.</param>
    void Request(int predecessor, int horizon, int iteration, int change);

    /// <summary>Send a successor a hidden state, because it has asked or because agents do so by themselves.</summary>
    /// <param name="horizon">Of the successor, as it asked; of the agent where it was not asked.</param>
    /// <param name="state">Shared: never written again.</param>
    void SendState(int successor, int horizon, int iteration, int change, float[] state);

    /// <summary>The agent has decided; the weight is in force from now on.</summary>
    void Decide(int horizon, Decision decision, double weight);

    /// <summary>Call <see cref="AsynchronousAgent.Wake"/> at a time.</summary>
    void WakeAt(long time);
}

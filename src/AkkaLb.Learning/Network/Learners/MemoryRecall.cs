using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Learners;

/// <summary>
/// The published code's recalls (specification section 5.3). Where a decision was answered after n exchanges, the learner's pass through it
/// makes those n again without looking up; from then on it looks up before each exchange and remembers the team's states when it has to
/// exchange. An answered decision teaches the readout only. Samples go one after another, as each may change the memory.
/// </summary>
internal sealed class MemoryRecall(NetworkModel model, TeamExperience experience, ulong seed)
{
    private readonly float[] _states = new float[(model.MessageIterations + 1) * model.HiddenState];
    private readonly RandomStream _uses = new(seed, "memory-use/recalls");
    private long _version;

    /// <summary>Begins the passes of an update.</summary>
    /// <param name="version">The policy that acted.</param>
    public void Begin(long version)
    {
        _version = version;
        _uses.MoveTo((ulong)version);
    }

    /// <summary>
    /// Recalls one sample of a pass whose exchanges have all been computed; where memory answers, its final hidden states replace those.
    /// </summary>
    /// <param name="made">Exchanges that were made when the decision was taken, 0 … K.</param>
    /// <returns>Exchanges that count as made now; less than K: the memory has answered.</returns>
    public int Recall(MessagePassing pass, int sample, int batch, int made)
    {
        int iterations = model.MessageIterations;
        if (made == iterations)
        {
            return made;
        }

        for (int link = 0; link < model.LinkCount; link++)
        {
            experience[link].Open(_version, experience.Threshold.Factor);
        }

        int answered = made;
        while (answered < iterations && !IsFamiliar(pass, sample, batch, answered))
        {
            answered++;
        }

        for (int link = 0; link < model.LinkCount; link++)
        {
            Recall(pass, link, link * batch + sample, made, answered);
        }

        return answered;
    }

    private bool IsFamiliar(MessagePassing pass, int sample, int batch, int iteration)
    {
        for (int link = 0; link < model.LinkCount; link++)
        {
            if (!experience[link].Recognises(iteration, pass.State(iteration, link * batch + sample)))
            {
                return false;
            }
        }

        double probability = experience.Options.UseProbability;
        return probability >= 1 || _uses.NextDouble() < probability;
    }

    private void Recall(MessagePassing pass, int link, int row, int made, int answered)
    {
        int width = model.HiddenState, iterations = model.MessageIterations;
        for (int l = made; l <= answered; l++)
        {
            pass.State(l, row).CopyTo(_states.AsSpan(l * width));
        }

        if (answered < iterations)
        {
            experience[link].Take(_states.AsSpan((answered + 1) * width));
            _states.AsSpan(iterations * width, width).CopyTo(pass.State(iterations, row));
        }

        for (int l = made; l < answered; l++)
        {
            experience[link].Remember(l, _states.AsSpan(l * width, width), _states.AsSpan((l + 1) * width), AgentExperience.NoAction);
        }
    }
}

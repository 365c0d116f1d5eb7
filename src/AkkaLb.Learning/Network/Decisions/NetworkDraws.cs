using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.Memory;
using AkkaLb.Learning.Network.Models;

namespace AkkaLb.Learning.Network.Decisions;

/// <summary>
/// One uniform number per (episode, horizon) from a named stream: substream = episode, position = the horizon's. Any of them can be
/// drawn at any time and again, so a restarted agent decides as it did before. One thread at a time.
/// </summary>
public sealed class HorizonDraws(ulong seed, string stream)
{
    private readonly RandomStream _stream = new(seed, stream);

    /// <summary>The draw in [0, 1) of a horizon, counted from 0.</summary>
    public double At(long episode, int horizon)
    {
        // A double takes two words of the stream.
        _stream.MoveTo((ulong)episode, 2 * (ulong)horizon);
        return _stream.NextDouble();
    }
}

/// <summary>Whether a familiar state is answered from memory. One thread at a time.</summary>
public sealed class MemoryUse
{
    private readonly HorizonDraws _draws;
    private readonly double _probability;
    private readonly int _iterations;

    internal MemoryUse(ulong seed, string who, NetworkModel model)
    {
        _draws = new HorizonDraws(seed, $"memory-use/{who}");
        _probability = model.Options.Memory?.UseProbability ?? 0;
        _iterations = model.MessageIterations;
    }

    public bool At(long episode, int horizon, int exchange) =>
        _probability >= 1 || _draws.At(episode, horizon * _iterations + exchange) < _probability;
}

/// <summary>The streams of a network run.</summary>
public static class NetworkDraws
{
    /// <summary>
    /// Decides once per horizon for the whole team whether it samples: draw ≤ <see cref="NetworkLearningOptions.SampleShare"/>.
    /// </summary>
    public static HorizonDraws Exploration(ulong seed) => new(seed, "environment");

    /// <summary>The draws of a link's agent for <see cref="ExperienceOptions.UseProbability"/>, <c>memory-use/LINK</c>.</summary>
    public static MemoryUse MemoryUse(ulong seed, NetworkModel model, int link) => new(seed, $"{link}", model);

    /// <summary>Those of the team.</summary>
    public static MemoryUse TeamMemoryUse(ulong seed, NetworkModel model) => new(seed, "team", model);

    /// <summary>A decider's own draws: <c>agent/LINK</c>, and <c>team</c> with MAROH.</summary>
    public static HorizonDraws Choice(ulong seed, NetworkModel model, int decider) =>
        new(seed, model.Options.Method == NetworkMethod.Maroh ? "team" : $"agent/{decider}");
}

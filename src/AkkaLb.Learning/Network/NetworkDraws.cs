using AkkaLb.Domain.Randomness;

namespace AkkaLb.Learning.Network;

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

/// <summary>The streams of a network run.</summary>
public static class NetworkDraws
{
    /// <summary>Decides once per horizon for the whole team whether it samples: draw ≤ <see cref="NetworkLearningOptions.SampleShare"/>.</summary>
    public static HorizonDraws Exploration(ulong seed) => new(seed, "environment");

    /// <summary>Whether a familiar state is answered from memory, <c>memory-use/WHO</c>; its horizons are numbered horizon·K + exchange.</summary>
    public static HorizonDraws MemoryUse(ulong seed, string who) => new(seed, $"memory-use/{who}");

    /// <summary>A decider's own draws: <c>agent/LINK</c>, and <c>team</c> with MAROH.</summary>
    public static HorizonDraws Choice(ulong seed, NetworkModel model, int decider) =>
        new(seed, model.Options.Method == NetworkMethod.Maroh ? "team" : $"agent/{decider}");
}

using System.Diagnostics.CodeAnalysis;

namespace AkkaLb.Learning.Memory;

/// <summary>An entry that represents a state.</summary>
internal readonly record struct Recollection(ExperienceTable Table, int Row)
{
    public ReadOnlySpan<float> Outcome => Table.Outcome(Row);

    public void MarkUsed(long now) => Table.MarkUsed(Row, now);
}

/// <summary>
/// The bounded store of one agent and one exchange: which cases it keeps, and which of them represents a state. Deterministic; one thread
/// at a time; an answer holds until the next change of the store.
/// </summary>
internal interface IRepresentatives
{
    int Count { get; }

    /// <summary>Where its entries lie.</summary>
    IReadOnlyList<ExperienceTable> Tables { get; }

    /// <summary>True when states are remembered whether or not the agent recognised them.</summary>
    bool RemembersFamiliar { get; }

    /// <summary>The entry that represents a state at a threshold Δ.</summary>
    bool Find(ReadOnlySpan<float> state, double delta, [NotNullWhen(true)] out Recollection found);

    void Remember(in ExperienceCase experience, double delta);

    /// <summary>Gives up every entry that an older policy than this led to.</summary>
    void Expire(long oldestVersion);

    /// <summary>One more reduction, which the tables are told of by themselves; only where the store reduces.</summary>
    void NoteReduction()
    {
    }

    /// <summary>Cases were placed with this Δ; only where the store depends on it.</summary>
    void NoteDelta(double delta)
    {
    }

    void Write(BinaryWriter writer);

    void Read(BinaryReader reader);
}

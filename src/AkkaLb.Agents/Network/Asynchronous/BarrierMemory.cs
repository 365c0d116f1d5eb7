using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Network.Asynchronous;

/// <summary>
/// An agent's memory, and what brings it back to the last barrier: what it was at an earlier one, and its changes up to there, until these
/// have grown larger than that.
/// </summary>
internal sealed class BarrierMemory
{
    private readonly AgentExperience _memory;
    private readonly ExperienceChanges _noted = new();
    private readonly List<ReadOnlyMemory<byte>> _changes = [];
    private ReadOnlyMemory<byte> _start;
    private long _changed;

    /// <param name="start">What it begins with; null: with nothing.</param>
    public BarrierMemory(AgentExperience memory, byte[]? start)
    {
        if (start is not null)
        {
            memory.Restore(start);
        }
        _memory = memory;
        _start = start ?? memory.Save();
        memory.Note(_noted);
    }

    /// <summary>What it was at that earlier barrier, which is the start of the run until the first one.</summary>
    public ReadOnlyMemory<byte> Start => _start;

    /// <summary>What has changed since the last call.</summary>
    public byte[] TakeChanges() => _noted.Take();

    /// <summary>The barrier is now after these changes, but perhaps not the memory.</summary>
    public void Pass(ReadOnlyMemory<byte> changes)
    {
        _changes.Add(changes);
        _changed += changes.Length;
    }

    /// <summary>The barrier is where another memory was.</summary>
    public void PassTo(ReadOnlyMemory<byte> saved)
    {
        _start = saved;
        _changes.Clear();
        _changed = 0;
    }

    /// <summary>The memory is at the barrier, and remembers how to come back.</summary>
    public void Settle()
    {
        if (_changed > _start.Length)
        {
            PassTo(_memory.Save());
        }
    }

    /// <summary>Brings the memory to the barrier.</summary>
    /// <exception cref="InvalidDataException">What brings it there is not of this memory.</exception>
    public void Return()
    {
        _memory.Restore(_start.Span);
        foreach (ReadOnlyMemory<byte> changes in _changes)
        {
            _memory.Apply(changes);
        }
        _noted.Take();
    }

    public byte[] Save() => _memory.Save();
}

using AkkaLb.Learning.Memory;

namespace AkkaLb.Agents.Network.LinkAgents;

/// <summary>An agent's memory, and what brings it back: to the start of a block of episodes, and from events.</summary>
internal sealed class LinkAgentMemory(AgentExperience experience)
{
    private readonly ExperienceChanges _changes = new();
    private bool _isNoted;

    public AgentExperience Experience => experience;

    /// <summary>What it saved at the start of the block.</summary>
    public byte[] AtBlock { get; private set; } = [];

    /// <summary>A block of episodes begins; what changes from now on is noted.</summary>
    public void BeginBlock()
    {
        AtBlock = experience.Save();
        if (!_isNoted)
        {
            experience.Note(_changes);
            _isNoted = true;
        }
        _changes.Take();
    }

    public void ReturnToBlock()
    {
        experience.Restore(AtBlock);
        _changes.Take();
    }

    /// <summary>What changed since the last call, or since the block began.</summary>
    public byte[] TakeChanges() => _changes.Take();
}

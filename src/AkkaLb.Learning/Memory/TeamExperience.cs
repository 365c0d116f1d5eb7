using AkkaLb.Domain;

namespace AkkaLb.Learning.Memory;

/// <summary>What a team remembers at a moment; nothing of it is ever written again.</summary>
/// <param name="Agents">What each agent's memory saved (<see cref="AgentExperience.Save"/>), link by link.</param>
public sealed record TeamMemory(IReadOnlyList<byte[]> Agents, AdaptiveThreshold Threshold);

/// <summary>
/// The memories of all agents of a run and their adaptive threshold, marked and restored together. Its agents' memories are used by the
/// agents' threads; the rest while no agent acts.
/// </summary>
public sealed class TeamExperience
{
    private const uint Magic = 0x4D4C4B41; // "AKLM"
    private const int Format = 1;

    private readonly AgentExperience[] _agents;
    private readonly string _shape;
    private readonly MemoryStream _mark = new();

    /// <param name="iterations">K.</param>
    /// <param name="width">D.</param>
    public TeamExperience(ExperienceOptions options, int links, int iterations, int width, ulong seed)
    {
        Options = options;
        _agents = [.. Enumerable.Range(0, links).Select(link => new AgentExperience(options, iterations, width, link, seed))];
        _shape = $"{options.Representatives} {options.Clustering} {options.Metric} {options.Size}, {links} links, {iterations} exchanges "
            + $"of {width}";
        Mark();
    }

    public ExperienceOptions Options { get; }

    public int AgentCount => _agents.Length;

    /// <summary>Entries of all agents.</summary>
    public int Count => _agents.Sum(agent => agent.Count);

    public AdaptiveThreshold Threshold { get; set; } = AdaptiveThreshold.Start;

    public AgentExperience this[int link] => _agents[link];

    /// <summary>The state of everything.</summary>
    public TeamMemory Save() => new([.. _agents.Select(agent => agent.Save())], Threshold);

    /// <summary>Takes over what a team of the same options and shape remembers.</summary>
    /// <exception cref="InvalidDataException">It is another team's.</exception>
    public void Restore(TeamMemory memory)
    {
        for (int link = 0; link < _agents.Length; link++)
        {
            _agents[link].Restore(memory.Agents[link]);
        }

        Threshold = memory.Threshold;
    }

    /// <summary>Notes the state of everything, for <see cref="ReturnToMark"/> and <see cref="WriteMark"/>.</summary>
    public void Mark()
    {
        _mark.SetLength(0);
        using BinaryWriter writer = new(_mark, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(_shape);
        Threshold.Write(writer);
        foreach (AgentExperience agent in _agents)
        {
            agent.Write(writer);
        }
    }

    /// <summary>Brings everything back to the last mark.</summary>
    public void ReturnToMark()
    {
        _mark.Position = 0;
        Read(_mark, "the mark");
    }

    /// <summary>Writes the state of the last mark, for <see cref="Restore"/>.</summary>
    public void WriteMark(Stream stream) => _mark.WriteTo(stream);

    /// <summary>Takes over what a memory of the same options and shape wrote, and marks it.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or of another memory.</exception>
    public void Restore(Stream stream, string fileName)
    {
        Read(stream, fileName);
        Mark();
    }

    private void Read(Stream stream, string fileName)
    {
        try
        {
            using BinaryReader reader = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Format)
            {
                throw new InvalidInputException($"{fileName}: expected an experience memory of format {Format}");
            }

            string shape = reader.ReadString();
            if (shape != _shape)
            {
                throw new InvalidInputException($"{fileName}: expected a memory of {_shape}, found one of {shape}");
            }

            Threshold = AdaptiveThreshold.Read(reader);
            foreach (AgentExperience agent in _agents)
            {
                agent.Read(reader);
            }
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new InvalidInputException($"{fileName}: expected a whole experience memory: {e.Message}", e);
        }
    }
}

using AkkaLb.Domain;
using AkkaLb.Learning.Memory;

namespace AkkaLb.Learning.Tests.Memory;

public class TeamExperienceTests
{
    private static readonly ExperienceOptions Options = new();

    [Fact]
    public void Restore_WhatAnotherTeamMarked_IsThatTeam()
    {
        TeamExperience team = new(Options, links: 2, iterations: 2, width: 4, seed: 1), other = new(Options, 2, 2, 4, 1);
        team[1].Open(3);
        team[1].Remember(0, [0.5f, 0.25f], new float[8], AgentExperience.NoAction);
        team.Threshold = team.Threshold with { Factor = 2 };
        team.Mark();
        other.Restore(Marked(team), "memory.bin");
        other.Threshold.ShouldBe(team.Threshold);
        other[1].Save().ShouldBe(team[1].Save());
    }

    [Fact]
    public void Restore_AFileThatIsNone_IsRefusedByName()
    {
        TeamExperience team = new(Options, links: 2, iterations: 2, width: 4, seed: 1);
        byte[] whole = Marked(team).ToArray();
        // Mark, format, and then the length of a text: here a negative one.
        byte[][] damaged = [[1, 2, 3, 4, 5, 6, 7, 8], whole[..^1], [], [.. whole[..8], 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]];
        foreach (byte[] file in damaged)
        {
            Should.Throw<InvalidInputException>(() => team.Restore(new MemoryStream(file), "memory.bin")).Message
                .ShouldStartWith("memory.bin: expected ");
        }

        TeamExperience wider = new(Options, links: 2, iterations: 2, width: 8, seed: 1);
        Should.Throw<InvalidInputException>(() => wider.Restore(Marked(team), "memory.bin"))
            .Message.ShouldContain("2 exchanges of 8, found");
    }

    private static MemoryStream Marked(TeamExperience team)
    {
        MemoryStream stream = new();
        team.WriteMark(stream);
        stream.Position = 0;
        return stream;
    }
}

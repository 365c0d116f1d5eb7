using static AkkaLb.Domain.Tests.Game.GameCases;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>The specified passes of section 9.3, as theory data: every result is an exact equilibrium.</summary>
public class StaticVectors : TheoryData<string, string, string, string, string, string, string, string, string, string>
{
    private const string Small = "1 2 3";

    public StaticVectors()
    {
        // rates, loads, lengths, start, order; reached, level after each update, totals, W, potential
        Add("2 1 2", "1 2 1", "3 2", "2 1/2 1/2; 1 0 1", "0 1",
            "3/2 0 3/2; 1 0 1", "7/4 7/4", "5/2 0 5/2", "33/8 3", "45/8");
        Add("2 1 2", "1 2 1", "3 2", "2 1/2 1/2; 1 0 1", "1 0",
            "9/4 0 3/4; 1/4 0 7/4", "13/8 7/4", "5/2 0 5/2", "123/32 87/32", "45/8");
        Add(Small, "2 1 24", Small, "1/3 1/3 1/3; 2/3 2/3 2/3; 1 1 1", "0 1 2",
            "0 1 0; 0 2 0; 1 2 0", "11/6 5/2 3", "1 5 0", "11/4 5 15/2", "45/4");
        Add(Small, "2 1 24", Small, "1/3 1/3 1/3; 2/3 2/3 2/3; 1 1 1", "2 1 0",
            "4/9 5/9 0; 5/9 13/9 0; 0 3 0", "5/2 26/9 3", "1 5 0", "305/108 575/108 27/4", "45/4");
        Add(Small, "2 1 24", Small, "0 0 0; 0 0 0; 0 0 0", "0 1 2",
            "0 1 0; 0 2 0; 1 2 0", "1 2 3", "1 5 0", "11/4 5 15/2", "45/4");
        Add("1 1", "0 0", "1 1", "1 0; 1 0", "0 1",
            "0 1; 1 0", "1 1", "1 1", "1/2 1/2", "1");
        Add("1 1", "0 0", "1 1", "1 0; 0 1", "0 1",
            "1 0; 0 1", "1 1", "1 1", "1/2 1/2", "1");
        Add("1 2 3 4", "6 5 3 0", "2 5 4", "1/2 1/2 1/2 1/2; 5/4 5/4 5/4 5/4; 1 1 1 1", "1 2 0",
            "0 0 13/14 15/14; 0 0 3/14 67/14; 0 0 13/7 15/7", "11/7 13/7 2", "0 0 3 8", "2495/672 1597/224 1151/168", "25/2");
    }
}

using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

public sealed class EpisodeLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static EpisodeReport Row(int episode) => new(episode, 1 / 3.0 + episode, 0.1, 1e-300, 2.372, 640, 1L << 40, episode / 2);

    [Fact]
    public void Read_WrittenRows_GivesThemBackToTheLastBit()
    {
        EpisodeReport[] rows = [Row(0), Row(1), Row(2)];
        using (EpisodeLog.Create(_folder["e.csv"], rows))
        {
        }
        EpisodeLog.Read(_folder["e.csv"], 3).ShouldBe(rows);
        EpisodeLog.Read(_folder["e.csv"], 2).ShouldBe(rows[..2]);
    }

    [Fact]
    public void Create_Header_NamesTheColumns()
    {
        using (EpisodeLog.Create(_folder["e.csv"], []))
        {
        }
        File.ReadAllText(_folder["e.csv"]).ShouldBe("episode,phi,phiStart,phiLowest,maxUtilisation,exchangesSent,exchangesPossible,policyVersion,requestsSent,teamExchanges,recallExchanges\n");
    }

    [Fact]
    public void Create_CutShort_LeavesTheOldFile()
    {
        EpisodeReport[] rows = [Row(0), Row(1)];
        using (EpisodeLog.Create(_folder["e.csv"], rows))
        {
        }
        Should.Throw<OperationCanceledException>(() => EpisodeLog.Create(_folder["e.csv"], rows.Select(r => r.Episode == 0 ? r : throw new OperationCanceledException())));
        EpisodeLog.Read(_folder["e.csv"], 2).ShouldBe(rows);
    }

    [Fact]
    public void Read_HalfARow_IsAClearError()
    {
        using (EpisodeLog.Create(_folder["e.csv"], [Row(0)]))
        {
        }
        File.AppendAllText(_folder["e.csv"], "1,0.2");
        EpisodeLog.Read(_folder["e.csv"], 1).Count.ShouldBe(1);
        Should.Throw<InvalidInputException>(() => EpisodeLog.Read(_folder["e.csv"], 2)).Message.ShouldStartWith(_folder["e.csv"]);
    }

    [Fact]
    public void Read_TooFewRows_SaysHowMany()
    {
        using (EpisodeLog.Create(_folder["e.csv"], [Row(0)]))
        {
        }
        Should.Throw<InvalidInputException>(() => EpisodeLog.Read(_folder["e.csv"], 5)).Message.ShouldContain("found 1");
    }
}

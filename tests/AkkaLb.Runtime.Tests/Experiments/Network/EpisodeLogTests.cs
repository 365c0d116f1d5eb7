using AkkaLb.Domain;
using AkkaLb.Runtime.Experiments.Network;

namespace AkkaLb.Runtime.Tests.Experiments.Network;

public sealed class EpisodeLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static EpisodeReport Row(int episode) =>
        new(episode, 1 / 3.0 + episode, 0.1, 1e-300, 2.372, 640, 1L << 40, episode / 2, 0, 0, 0);

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
        File.ReadAllText(_folder["e.csv"]).ShouldBe(Head + "\n");
    }

    [Fact]
    public void Create_CutShort_LeavesTheOldFile()
    {
        EpisodeReport[] rows = [Row(0), Row(1)];
        using (EpisodeLog.Create(_folder["e.csv"], rows))
        {
        }
        Should.Throw<OperationCanceledException>(
            () => EpisodeLog.Create(_folder["e.csv"], rows.Select(r => r.Episode == 0 ? r : throw new OperationCanceledException())));
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

    private const string Head = "episode,phi,phiStart,phiLowest,maxUtilisation,exchangesSent,exchangesPossible,policyVersion,requestsSent,"
        + "teamExchanges,recallExchanges";

    [Fact]
    public void Create_Rows_WritesTheShortestNumbersThatReadBack()
    {
        using (EpisodeLog.Create(_folder["e.csv"], [new EpisodeReport(7, 1 / 3.0, -0.0, 1e-300, 1e21, 640, 1L << 40, 3, 1, 2, 3)]))
        {
        }
        File.ReadAllText(_folder["e.csv"]).ShouldBe(Head + "\n7,0.3333333333333333,-0,1E-300,1E+21,640,1099511627776,3,1,2,3\n");
    }

    [Fact]
    public void Append_ToAResumedFile_GoesOnAfterItsRows()
    {
        using (EpisodeLog log = EpisodeLog.Create(_folder["e.csv"], [Row(0)]))
        {
            log.Append(Row(1));
            log.Flush();
            File.ReadAllLines(_folder["e.csv"]).Length.ShouldBe(3);
            log.Append(Row(2));
        }
        EpisodeLog.Read(_folder["e.csv"], 3).ShouldBe([Row(0), Row(1), Row(2)]);
    }

    [Theory]
    [InlineData("", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n", "expected at least 1 episodes, which the checkpoint has learnt from, found 0")]
    [InlineData("episode,phi\n0,1\n", "line 2: expected a row for episode 0")]
    [InlineData("0,1,1,1,1,1,1,1,1,1,1\n0,1,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n0,much,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n0.5,1,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n0,,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n0,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n\"0,1,1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n0,1,1\"1,1,1,1,1,1,1,1,1\n", "line 2: expected a row for episode 0")]
    [InlineData(Head + "\n\0\0\0\0\0\0\n", "line 2: expected a row for episode 0")]
    [InlineData(
        "episode,phi,phiStart,phiLowest,maxUtilisation,exchangesSent,exchangesPossible,policyVersion\n0,1,1,1,1,1,1,1\n",
        "line 2: expected a row for episode 0")]
    public void Read_DamagedFile_NamesTheLine(string text, string problem) =>
        Should.Throw<InvalidInputException>(() => EpisodeLog.Read(_folder.Write("e.csv", text), 1)).Message.ShouldBe(
            $"{_folder["e.csv"]}: {problem}");

    [Fact]
    public void Read_NotAllowed_SaysSo()
    {
        // Which a folder is to everybody, whatever the user may do.
        Directory.CreateDirectory(_folder["e.csv"]);
        Should.Throw<InvalidInputException>(() => EpisodeLog.Read(_folder["e.csv"], 1)).Message.ShouldStartWith(
            $"{_folder["e.csv"]}: cannot be read: Access to the path");
    }

    [Fact]
    public void Read_NoFile_SaysSo() =>
        Should.Throw<InvalidInputException>(() => EpisodeLog.Read(_folder["e.csv"], 1)).Message.ShouldStartWith(
            $"{_folder["e.csv"]}: cannot be read: Could not find file");
}

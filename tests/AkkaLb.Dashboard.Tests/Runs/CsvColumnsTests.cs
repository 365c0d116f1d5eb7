using AkkaLb.Dashboard.Runs;

namespace AkkaLb.Dashboard.Tests.Runs;

public sealed class CsvColumnsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Refresh_WhileTheFileGrows_TakesWholeLinesOnly()
    {
        CsvColumns table = new(_file);
        table.Refresh().ShouldBeFalse();
        File.WriteAllText(_file, "episode,phi\n0,0.5\n1,0.");
        table.Refresh().ShouldBeTrue();
        table.Numbers("phi").ShouldBe([0.5]);
        File.AppendAllText(_file, "25\n2,\n");
        table.Refresh().ShouldBeTrue();
        table.Refresh().ShouldBeFalse();
        table.Numbers("episode").ShouldBe([0, 1, 2]);
        table.Numbers("phi").ShouldBe([0.5, 0.25, double.NaN]);
        table.Numbers("other").ShouldBeEmpty();
    }

    /// <summary>A run that goes on from a checkpoint writes its rows anew.</summary>
    [Fact]
    public void Refresh_FileBegunAnew_ForgetsWhatItRead()
    {
        CsvColumns table = new(_file);
        File.WriteAllText(_file, "episode,phi\n0,0.5\n1,0.25\n2,0.125\n");
        table.Refresh();
        File.WriteAllText(_file, "episode,phi\n0,0.75\n");
        table.Refresh().ShouldBeTrue();
        table.Numbers("phi").ShouldBe([0.75]);
    }

    [Fact]
    public void Refresh_NoFile_IsEmpty()
    {
        CsvColumns table = new(_file + ".none");
        table.Refresh().ShouldBeFalse();
        table.Count.ShouldBe(0);
    }
}

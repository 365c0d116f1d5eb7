using AkkaLb.Dashboard.Runs;
using AkkaLb.Domain;

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

    /// <summary>What comes before it is kept, and what comes after it is read when it is mended.</summary>
    [Theory]
    [InlineData("1,0\"5", "line 3: expected comma-separated values, with quotes that are closed")]
    [InlineData("\"1,0.5", "line 3: expected comma-separated values, with quotes that are closed")]
    [InlineData("\"1\"0,5", "line 3: expected comma-separated values, with quotes that are closed")]
    [InlineData("1", "line 3: expected 2 fields, as many as the first line has, found 1")]
    [InlineData("1,2,3", "line 3: expected 2 fields, as many as the first line has, found 3")]
    public void Refresh_DamagedLine_IsNamedUntilItIsMended(string line, string problem)
    {
        CsvColumns table = new(_file);
        File.WriteAllText(_file, $"episode,phi\n0,0.5\n{line}\n2,0.125\n");
        for (int look = 0; look < 3; look++)
        {
            Should.Throw<InvalidInputException>(() => table.Refresh()).Message.ShouldBe($"{_file}: {problem}");
            table.Numbers("phi").ShouldBe([0.5]);
        }
        File.WriteAllText(_file, "episode,phi\n0,0.5\n1,0.25\n2,0.125\n");
        table.Refresh().ShouldBeTrue();
        table.Numbers("phi").ShouldBe([0.5, 0.25, 0.125]);
    }

    [Fact]
    public void Refresh_QuotedFields_AreRead()
    {
        CsvColumns table = new(_file);
        File.WriteAllText(_file, "name,\"a b\"\r\n\"x, \"\"y\"\"\",1\r\n\"\",\r\n");
        table.Refresh().ShouldBeTrue();
        table.Names.ShouldBe(["name", "a b"]);
        (table[0, 0], table[0, 1], table[1, 0], table[1, 1]).ShouldBe(("x, \"y\"", "1", "", ""));
    }

    [Fact]
    public void Numbers_TextThatIsNone_IsNamed()
    {
        CsvColumns table = new(_file);
        File.WriteAllText(_file, "episode,phi\n0,0.5\n1,NaN\n2,x\n");
        table.Refresh();
        Should.Throw<InvalidInputException>(() => table.Numbers("phi")).Message
            .ShouldBe($"{_file}: line 4: expected a number in column 'phi', found 'x'");
        Should.Throw<InvalidInputException>(() => table.Place("other")).Message.ShouldBe($"{_file}: line 1: expected a column 'other'");
    }

    [Fact]
    public void Refresh_NoFile_IsEmpty()
    {
        CsvColumns table = new(_file + ".none");
        table.Refresh().ShouldBeFalse();
        table.Count.ShouldBe(0);
    }
}

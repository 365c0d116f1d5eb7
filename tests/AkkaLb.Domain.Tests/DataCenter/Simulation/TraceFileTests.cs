using AkkaLb.Domain.DataCenter.Traffic;

namespace AkkaLb.Domain.Tests.DataCenter.Simulation;

public class TraceFileTests
{
    [Fact]
    public void Parse_PublishedFormat_CountsFromTheFirstRow() =>
        TraceFile.Parse("time\tquery\n0.5\t/dummy.php/?n=1000\n0.75\t/dummy.php/?n=20\n", "t.csv", 1e-6)
            .ShouldBe([new TraceRow(0, 1_000_000), new TraceRow(250_000_000, 20_000)]);

    [Theory]
    [InlineData("time\tquery\n0.5 /dummy.php/?n=1000\n", "t.csv, line 2: expected a time in seconds")]
    [InlineData("time\tquery\n0.5\t/dummy.php/?n=1\n0.4\t/dummy.php/?n=1\n", "t.csv, line 3: expected a time not before")]
    [InlineData("time\tquery\n", "t.csv: expected a header")]
    [InlineData("time\tquery\n0.5\t/dummy.php/?n=1\nNaN\t/dummy.php/?n=1\n", "t.csv, line 3: expected a time in seconds")]
    [InlineData("time\tquery\nInfinity\t/dummy.php/?n=1\n", "t.csv, line 2: expected a time in seconds")]
    [InlineData("time\tquery\n0\t/dummy.php/?n=1\n1e300\t/dummy.php/?n=1\n", "t.csv, line 3: expected a time at most 1000000 s after")]
    [InlineData("time\tquery\n0.5\t/dummy.php/?n=8000000000000000000\n", "t.csv, line 2: expected at most 1000000 s of work")]
    public void Parse_SomethingElse_NamesTheLine(string text, string message) =>
        Should.Throw<InvalidInputException>(() => TraceFile.Parse(text, "t.csv", 1e-6)).Message.ShouldStartWith(message);
}

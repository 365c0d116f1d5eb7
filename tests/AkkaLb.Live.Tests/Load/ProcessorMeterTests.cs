using AkkaLb.Live.Load;

namespace AkkaLb.Live.Tests.Load;

public class ProcessorMeterTests
{
    [Fact]
    public void Parse_Line_BusyIsAllButIdleAndWaitingForDisks() =>
        ProcessorMeter.Parse("cpu  10 1 20 100 5 2 3 4 50 60").ShouldBe((40, 145));

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3 4 5 6 7 8")]
    [InlineData("cpu 1 2")]
    public void Parse_SomethingElse_IsNothing(string line) => ProcessorMeter.Parse(line).ShouldBeNull();

    [Fact]
    public void Share_TwoLooks_IsWhatPassedBetween()
    {
        ProcessorMeter.Share((40, 145), (70, 245)).ShouldBe(0.3);
        ProcessorMeter.Share((40, 145), (40, 145)).ShouldBeNull();
        ProcessorMeter.Share(null, (40, 145)).ShouldBeNull();
    }
}

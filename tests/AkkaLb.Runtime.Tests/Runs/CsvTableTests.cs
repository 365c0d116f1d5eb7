using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Runs;

public class CsvTableTests
{
    [Fact]
    public void Write_AnyFields_ReadBackAsTheyWere() =>
        CsvTable.Write(
            ["name", "count", "value", "none"],
            [["a,b", 1L << 40, 1 / 3.0, null], ["say \"no\"", 0, -0.0, 1e-300], ["Φ", 7, double.NaN, ""]])
            .ShouldBe("name,count,value,none\n\"a,b\",1099511627776,0.3333333333333333,\n\"say \"\"no\"\"\",0,-0,1E-300\nΦ,7,NaN,\n");
}

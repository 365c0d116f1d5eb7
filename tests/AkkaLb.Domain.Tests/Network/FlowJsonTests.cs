using System.Text;
using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class FlowJsonTests
{
    private const string Good = """
        [{"start": "4", "end": "3", "all_bandwidth": {"0": 156800, "5000": 2, "1000": 1.5}, "start_time": 0, "end_time": 619607,
          "bandwidth": null, "flow_id": "8dc02e67-0eee-41bc-a804-59ba159fd8ce"}]
        """;

    private static readonly Topology FourNodes = TopologyLibrary.Get("4-node");

    [Fact]
    public void Read_PublishedExample_HasAllItsParts()
    {
        Flow flow = FlowJson.Read(Good, "flows.json", FourNodes).Flows.ShouldHaveSingleItem();
        flow.Id.Value.ShouldBe("8dc02e67-0eee-41bc-a804-59ba159fd8ce");
        (flow.Start, flow.End, flow.StartMs, flow.EndMs).ShouldBe((new NodeId(3), new NodeId(2), 0, 619607));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 156800d)]
    [InlineData(999, 156800d)]
    [InlineData(1000, 1.5)]
    [InlineData(5000, 2d)]
    [InlineData(619606, 2d)]
    [InlineData(619607, null)]
    public void RateAt_TimesAroundChanges_IsTheLatestNotAfter(long ms, double? expected)
    {
        FlowSet flows = FlowJson.Read(Good, "flows.json", FourNodes);
        flows.Flows[0].RateAt(ms).ShouldBe(expected);
        flows.ActiveAt(ms).Select(flow => (double?)flow.Rate).ShouldBe(expected is null ? [] : [expected]);
    }

    [Fact]
    public void Write_AndRead_GiveTheSameFlows() => RandomNetwork.ForAll((network, _) =>
    {
        FlowSet read = FlowJson.Read(FlowJson.Write(network.Flows, network.Topology), "again.json", network.Topology);
        read.Flows.Count.ShouldBe(network.Flows.Flows.Count);
        foreach ((Flow expected, Flow actual) in network.Flows.Flows.Zip(read.Flows))
        {
            actual.Rates.ShouldBe(expected.Rates);
            (actual with { Rates = expected.Rates }).ShouldBe(expected);
        }
    });

    [Theory]
    [InlineData("\"4\"", "\"5\"", "has start \"5\", which is no node of 4-node")]
    [InlineData("\"4\"", "\"3\"", "starts and ends at \"3\", expected two different nodes")]
    [InlineData("\"4\"", "4", "has start 4, expected a string")]
    [InlineData("\"end\"", "\"to\"", "has no end, expected a string")]
    [InlineData("156800", "-1", "has the rate -1 in all_bandwidth, expected bit/s ≥ 0")]
    [InlineData("156800", "\"fast\"", "has the rate \"fast\" in all_bandwidth, expected bit/s ≥ 0")]
    [InlineData("156800", "1e999", "has the rate 1e999 in all_bandwidth, expected bit/s ≥ 0")]
    [InlineData("\"5000\"", "\"soon\"", "has the time \"soon\" in all_bandwidth, expected milliseconds ≥ 0")]
    [InlineData("\"5000\"", "\"01000\"", "has the time 1000 twice in all_bandwidth")]
    [InlineData("{\"0\": 156800, \"5000\": 2, \"1000\": 1.5}", "{}", "has an empty all_bandwidth, expected at least one rate")]
    [InlineData("{\"0\": 156800, \"5000\": 2, \"1000\": 1.5}", "7", "has all_bandwidth 7, expected an object {\"ms\": bit/s, …}")]
    [InlineData("619607", "0", "has start_time 0 and end_time 0, expected start_time < end_time")]
    [InlineData("619607", "1.5", "has end_time 1.5, expected whole milliseconds of at most 64 bits")]
    [InlineData("619607", "9223372036854775808", "has end_time 9223372036854775808, expected whole milliseconds of at most 64 bits")]
    [InlineData("619607", "\"619607\"", "has end_time \"619607\", expected whole milliseconds of at most 64 bits")]
    [InlineData("\"end_time\"", "\"end\u0020time\"", "has no end_time, expected whole milliseconds")]
    [InlineData("\"all_bandwidth\"", "\"rates\"", "has no all_bandwidth, expected an object {\"ms\": bit/s, …}")]
    [InlineData("156800", "1e61", "has the rate 1e61 in all_bandwidth, expected at most 1E+60 bit/s")]
    public void Read_BadFlow_NamesFileFlowAndExpectation(string part, string replacement, string message) =>
        Should.Throw<InvalidInputException>(() => FlowJson.Read(Good.Replace(part, replacement), "flows.json", FourNodes))
            .Message.ShouldBe($"flows.json: flow 0 (\"8dc02e67-0eee-41bc-a804-59ba159fd8ce\") {message}");

    [Theory]
    [InlineData("[\n{]", "flows.json, line 2: not valid JSON, expected an array of flows")]
    [InlineData("{}", "flows.json: expected an array of flows")]
    [InlineData("[{\"start\": \"4\"},\n{\"start\": \"4\", \"start\": \"2\"}]", "flows.json, line 2: start: expected once, found twice")]
    [InlineData("[3]", "flows.json: flow 0 is not an object")]
    [InlineData("[{}]", "flows.json: flow 0 has no flow_id, expected a string")]
    public void Read_MalformedFile_SaysWhat(string json, string message) =>
        Should.Throw<InvalidInputException>(() => FlowJson.Read(json, "flows.json", FourNodes)).Message.ShouldBe(message);

    [Fact]
    public void Read_SameIdTwice_IsRefused()
    {
        var twice = new StringBuilder(Good.TrimEnd(']', '\n')).Append(',').Append(Good.AsSpan(1)).ToString();
        Should.Throw<InvalidInputException>(() => FlowJson.Read(twice, "flows.json", FourNodes)).Message.ShouldBe(
            "flows.json: flow 1 has the flow_id \"8dc02e67-0eee-41bc-a804-59ba159fd8ce\" of an earlier flow, ids must be unique");
    }
}

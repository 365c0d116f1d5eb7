using AkkaLb.Domain.Network;

namespace AkkaLb.Domain.Tests.Network;

public class TopologyChangesTests
{
    private static readonly Topology FourNodes = TopologyLibrary.Get("4-node");

    [Fact]
    public void Read_EmptyObject_NothingIsEverMissing()
    {
        TopologyChanges changes = TopologyChanges.Read("{\n}", "topology_changes.json", FourNodes);
        changes.Times.ShouldBeEmpty();
        changes.MissingAt(1_000_000).ShouldBeEmpty();
        TopologyChanges.None.MissingAt(0).ShouldBeEmpty();
    }

    [Fact]
    public void MissingAt_SeveralChanges_TakesTheLatestByNumber()
    {
        // As strings "10000" < "9000"; and changes replace one another.
        TopologyChanges changes = TopologyChanges.Read(
            """{"10000": {"missing_links": [["1", "2", 0], ["4", "3"]]}, "9000": {"missing_nodes": ["1"]}, "20000": {}}""", "c.json",
            FourNodes);

        changes.Times.ShouldBe([9000L, 10000, 20000]);
        changes.MissingAt(8999).ShouldBeEmpty();
        changes.MissingAt(9000).ShouldBe([new LinkId(0), new LinkId(1), new LinkId(3), new LinkId(5)], ignoreOrder: true);
        changes.MissingAt(10000).ShouldBe([new LinkId(0), new LinkId(7)], ignoreOrder: true);
        changes.MissingAt(20000).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]", "c.json: expected an object {\"ms\": {…}}")]
    [InlineData("{\"-1\": {}}", "c.json: time \"-1\", expected milliseconds ≥ 0")]
    [InlineData("{\"1\": {}, \"01\": {}}", "c.json: time 1 appears twice")]
    [InlineData("{\"1\": []}", "c.json: change at 1: expected an object with missing_nodes or missing_links")]
    [InlineData("{\"1\": {\"links\": []}}", "c.json: change at 1: unknown \"links\", expected missing_nodes or missing_links")]
    [InlineData("{\"1\": {\"missing_nodes\": \"1\"}}", "c.json: change at 1: missing_nodes is not an array")]
    [InlineData("{\"1\": {\"missing_nodes\": [\"9\"]}}", "c.json: change at 1: missing_nodes has \"9\", which is no node of 4-node")]
    [InlineData("{\"1\": {\"missing_links\": [[\"1\"]]}}", "c.json: change at 1: missing_links has [\"1\"], expected [from, to, key]")]
    [InlineData(
        "{\"1\": {\"missing_links\": [[\"1\",\"4\",0]]}}",
        "c.json: change at 1: missing_links has [\"1\",\"4\",0], which is no link of 4-node")]
    [InlineData("{\n\n", "c.json, line 3: not valid JSON, expected an object {\"ms\": {…}}")]
    public void Read_BadFile_SaysWhereAndWhat(string json, string message) =>
        Should.Throw<InvalidInputException>(() => TopologyChanges.Read(json, "c.json", FourNodes)).Message.ShouldBe(message);
}

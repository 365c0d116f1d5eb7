using System.Text.Json;
using AkkaLb.Domain.Game;

namespace AkkaLb.Domain.Tests.Game;

public class StaticContractTests
{
    [Fact]
    public void ToJson_SpecifiedGame_HasTheContractsNamesAndNumbers()
    {
        JsonElement result = Solve("""
            {"rates":[2,1,2], "loads":[1,2,1], "lengths":[3,2], "start":[[2,0.5,0.5],[1,0,1]], "order":[0,1]}
            """);
        result.EnumerateObject().Select(property => property.Name).ShouldBe(
            ["level", "totals", "profile", "potential", "costsW", "costsAverage", "socialCost", "isEquilibrium", "priceOfAnarchyBound"]);
        result.GetProperty("level").GetDouble().ShouldBe(1.75);
        Numbers(result, "totals").ShouldBe([2.5, 0, 2.5]);
        result.GetProperty("profile").GetRawText().ShouldBe("[[1.5,0,1.5],[1,0,1]]");
        result.GetProperty("potential").GetDouble().ShouldBe(5.625);
        Numbers(result, "costsW").ShouldBe([4.125, 3]);
        Numbers(result, "costsAverage").ShouldBe([1.375, 1.5]);
        result.GetProperty("socialCost").GetDouble().ShouldBe(7.125);
        result.GetProperty("isEquilibrium").GetBoolean().ShouldBeTrue();
        result.GetProperty("priceOfAnarchyBound").GetDouble().ShouldBeInRange(1, 1.5);
    }

    [Theory]
    [InlineData("")] // empty, index order
    [InlineData(",\"start\":\"empty\",\"order\":null")]
    [InlineData(",\"start\":\"uniform\"")]
    [InlineData(",\"name\":\"ST3\",\"description\":\"ours\"")]
    public void Parse_Defaults_ReachTheSameEquilibrium(string rest)
    {
        JsonElement result = Solve($$"""{"rates":[1,2,3],"loads":[2,1,24],"lengths":[1,2,3]{{rest}}}""");
        result.GetProperty("level").GetDouble().ShouldBe(3, 1e-12);
        result.GetProperty("isEquilibrium").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Of_OrderLeavesAPlayerOut_SaysThatItIsNoEquilibrium() =>
        Solve("""{"rates":[1,1],"loads":[0,0],"lengths":[1,1],"order":[1]}""").GetProperty("isEquilibrium").GetBoolean().ShouldBeFalse();

    [Fact]
    public void Of_LargeGame_AgreesWithItsSmallPartsWithoutAProfile()
    {
        // 2,000 equal servers and 1,500 equal jobs: every job costs the same in whatever order.
        string json = $$"""{"rates":[{{Repeat(2, 2000)}}],"loads":[{{Repeat(3, 2000)}}],"lengths":[{{Repeat(4, 1500)}}]}""";
        JsonElement result = Solve(json);
        result.GetProperty("profile").ValueKind.ShouldBe(JsonValueKind.Null);
        result.GetProperty("level").GetDouble().ShouldBe(3, 1e-9);
        result.GetProperty("isEquilibrium").GetBoolean().ShouldBeTrue();
        // The first poured 4 over all servers evenly, and so did the others: W = λ X − λ²/(2 M).
        Numbers(result, "costsW").ShouldAllBe(cost => Math.Abs(cost - (12 - 16.0 / 8000)) < 1e-9);
        Message(json[..^1] + ",\"start\":\"uniform\"}").ShouldStartWith("start:");
        Message(json[..^1] + ",\"order\":[1,1]}").ShouldStartWith("order:");
        Message(json[..^1] + ",\"order\":[]}").ShouldBe("order: for so large a game, expected every player exactly once");

        static string Repeat(int value, int count) => string.Join(',', Enumerable.Repeat(value, count));
    }

    [Theory]
    [InlineData("{", "game.json, line 1: not valid JSON, expected an object with the keys rates, loads, lengths, start, order")]
    [InlineData("[1]", "game.json: expected a JSON object with the keys rates, loads, lengths, start, order")]
    [InlineData("{\"loads\":[0],\"lengths\":[1]}", "game.json: rates: missing, expected an array of numbers")]
    [InlineData("{\"rates\":1,\"loads\":[0],\"lengths\":[1]}", "game.json: rates: expected an array of numbers, got 1")]
    [InlineData("{\"rates\":[\"a\"],\"loads\":[0],\"lengths\":[1]}", "game.json: rates[0]: expected a number, got \"a\"")]
    [InlineData("{\"rates\":[0],\"loads\":[0],\"lengths\":[1]}", "game.json: rates[0]: expected a number above 0, got 0")]
    [InlineData("{\"rates\":[1,-2],\"loads\":[0,0],\"lengths\":[1]}", "game.json: rates[1]: expected a number above 0, got -2")]
    [InlineData("{\"rates\":[1],\"loads\":[-1],\"lengths\":[1]}", "game.json: loads[0]: expected a number of at least 0, got -1")]
    [InlineData("{\"rates\":[1,1],\"loads\":[0],\"lengths\":[1]}", "game.json: loads: expected 2 numbers, one for each of rates, got 1")]
    [InlineData("{\"rates\":[1],\"loads\":[0],\"lengths\":[]}", "game.json: lengths: expected at least one number")]
    [InlineData("{\"rates\":[1],\"loads\":[0],\"lengths\":[0]}", "game.json: lengths[0]: expected a number above 0, got 0")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1e300]}", "game.json: lengths[0]: expected a magnitude from 1E-60 to 1E+60, got 1e300")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lenghts\":[1]}", "game.json: lenghts: unknown key, expected rates, loads, lengths, start, order")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"start\":\"full\"}",
        "game.json: start: expected \"empty\" or \"uniform\", got \"full\"")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"start\":[]}", "game.json: start: expected 1 rows, one for each of lengths, got 0")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"start\":[[1,2]]}",
        "game.json: start[0]: expected 1 numbers, one for each of rates, got 2")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"start\":[[2]]}",
        "game.json: start[0]: expected a sum of at most lengths[0] = 1, got 2")]
    [InlineData(
        "{\"rates\":[1,1],\"loads\":[0,0],\"lengths\":[1],\"start\":[[1,-1]]}",
        "game.json: start[0][1]: expected a number of at least 0, got -1")]
    [InlineData("{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"order\":[1]}", "game.json: order[0]: expected a player from 0 to 0, got 1")]
    [InlineData(
        "{\"rates\":[1],\"loads\":[0],\"lengths\":[1],\"order\":\"any\"}",
        "game.json: order: expected an array of players or null, got \"any\"")]
    public void Parse_BadInput_GivesOneClearLine(string json, string message) => Message(json).ShouldBe(message);

    private static string Message(string json) =>
        Should.Throw<InvalidInputException>(() => StaticGameResult.Of(StaticGameRequest.Parse(json, "game.json"))).Message;

    private static JsonElement Solve(string json) =>
        JsonDocument.Parse(StaticGameResult.Of(StaticGameRequest.Parse(json, "game.json")).ToJson()).RootElement;

    private static double[] Numbers(JsonElement result, string name) =>
        result.GetProperty(name).EnumerateArray().Select(element => element.GetDouble()).ToArray();
}

using System.Text.Json;
using AkkaLb.Domain.Game;

namespace AkkaLb.Domain.Tests.Game;

public class DynamicContractTests
{
    private const string Dy1 = "\"rates\":[1,2,1],\"loads\":[4,2,1],\"lengths\":[2,3]";
    private const string Dy3 = "\"rates\":[2,3,4],\"loads\":[20,9,30],\"lengths\":[1,5,2]";

    [Fact]
    public void ToJson_SpecifiedGame_HasTheContractsNamesAndNumbers()
    {
        JsonElement result = Run($$"""{{{Dy1}}}""");
        result.GetRawText().ShouldBe(
            """{"converged":true,"steps":5,"finalLoads":[0,0,0],"bounds":{"twoPhase":11,"level":16,"appendix":11,"lower":4},"""
            + "\"infeasible\":null}");
    }

    [Theory]
    [InlineData(Dy1, "\"picks\":\"roundrobin\",\"update\":\"sequential\"", 5)]
    [InlineData(Dy1, "\"picks\":\"random\",\"seed\":42", 4)]
    [InlineData(Dy1, "\"picks\":[0,1,0,1,0,1,0]", 5)]
    [InlineData(Dy3, "\"picks\":\"random\",\"seed\":42", 10)]
    [InlineData(Dy3, "\"update\":\"simultaneous\"", 59)]
    public void Of_SpecifiedGame_TakesTheSpecifiedSteps(string instance, string rest, long steps)
    {
        JsonElement result = Run($$"""{{{instance}},{{rest}}}""");
        result.GetProperty("converged").GetBoolean().ShouldBeTrue();
        result.GetProperty("steps").GetInt64().ShouldBe(steps);
        result.GetProperty("bounds").GetProperty("level").GetInt64().ShouldBeGreaterThanOrEqualTo(steps);
        result.GetProperty("bounds").GetProperty("lower").GetInt64().ShouldBeLessThanOrEqualTo(steps);
    }

    [Fact]
    public void Of_Trace_AddsAllStates()
    {
        JsonElement result = Run($$"""{{{Dy1}},"maxSteps":2}""", trace: true);
        result.GetProperty("converged").GetBoolean().ShouldBeFalse();
        result.GetProperty("steps").GetInt64().ShouldBe(2);
        JsonElement[] states = [.. result.GetProperty("states").EnumerateArray()];
        states.Length.ShouldBe(3);
        states[0].GetRawText().ShouldBe("[4,2,1]");
        states[2].GetRawText().ShouldBe(result.GetProperty("finalLoads").GetRawText());
    }

    [Fact]
    public void Of_InfeasibleTotal_SaysWhyAndRunsOnlyIfLimited()
    {
        JsonElement result = Run($$"""{{{Dy1}},"update":"simultaneous"}""");
        result.GetProperty("infeasible").GetString()!.ShouldContain("lengths sum to 5, not below the sum of rates 4");
        result.GetProperty("converged").GetBoolean().ShouldBeFalse();
        result.GetProperty("steps").GetInt64().ShouldBe(0);
        result.GetProperty("bounds").EnumerateObject().ShouldAllBe(bound => bound.Value.ValueKind == JsonValueKind.Null);

        JsonElement limited = Run($$"""{{{Dy1}},"update":"simultaneous","maxSteps":20}""");
        limited.GetProperty("steps").GetInt64().ShouldBe(20);
        limited.GetProperty("finalLoads").EnumerateArray().Sum(load => load.GetDouble()).ShouldBe(7 + 20, 1e-9);
    }

    [Fact]
    public void Of_LongestJobBeyondTheRates_IsInfeasible() =>
        Run("""{"rates":[1,1],"loads":[1,0],"lengths":[1,2]}""").GetProperty("infeasible").GetString()!
            .ShouldStartWith("the longest of lengths is 2, not below the sum of rates 2");

    [Theory]
    [InlineData("previousActions", "[1,1]", "[0,3]", "[1,0.5]")]
    [InlineData("stateOnly", "[2,3]", "[2,2]", "[1,2,1.5]")]
    public void Of_ReadingThatCycles_ReportsTheCycle(string reading, string rates, string loads, string lengths)
    {
        JsonElement result = Run(
            $$"""{"rates":{{rates}},"loads":{{loads}},"lengths":{{lengths}},"update":"simultaneous","reading":"{{reading}}"}""");
        result.GetProperty("converged").GetBoolean().ShouldBeFalse();
        result.GetProperty("cycleLength").GetInt64().ShouldBe(2);
        result.GetProperty("infeasible").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("\"picks\":\"rr\"", "picks: expected \"roundrobin\" or \"random\", got \"rr\"")]
    [InlineData("\"picks\":[0,2]", "picks[1]: expected a player from 0 to 1, got 2")]
    [InlineData("\"picks\":[0.5]", "picks[0]: expected a player from 0 to 1, got 0.5")]
    [InlineData("\"seed\":-1", "seed: expected a whole number from 0 to 18446744073709551615, got -1")]
    [InlineData("\"maxSteps\":1.5", "maxSteps: expected a whole number from 0 to 9223372036854775807, got 1.5")]
    [InlineData("\"update\":\"both\"", "update: expected \"sequential\" or \"simultaneous\", got \"both\"")]
    [InlineData("\"reading\":true", "reading: expected \"equilibriumPlay\" or \"previousActions\" or \"stateOnly\", got true")]
    [InlineData("\"order\":[0]", "order: unknown key, expected rates, loads, lengths, picks, seed, update, reading, maxSteps")]
    public void Parse_BadInput_GivesOneClearLine(string rest, string message) =>
        Should.Throw<InvalidInputException>(() => Run($$"""{{{Dy1}},{{rest}}}""")).Message.ShouldBe("game.json: " + message);

    private static JsonElement Run(string json, bool trace = false) =>
        JsonDocument.Parse(DynamicGameResult.Of(DynamicGameRequest.Parse(json, "game.json"), trace).ToJson()).RootElement;
}

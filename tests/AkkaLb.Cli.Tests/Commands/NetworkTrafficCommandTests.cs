using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class NetworkTrafficCommandTests : IDisposable
{
    private readonly NetworkFiles _files = new();
    private readonly Cli _cli = new();
    private readonly string _links, _demands, _out;

    public NetworkTrafficCommandTests()
    {
        _links = _files.Write("links.csv", "from,to,capacity\na,b,10M\nb,c,10M\n");
        _demands = _files.Write("demands.csv", "from,to,rate\na,b,2M\nb,c,1M\n");
        _out = _files["made.json"];
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Traffic_Day_IsEvaluatedHourByHour()
    {
        JsonElement made = await MakeAsync(_demands, "--diurnal", "0.5", "--total", "6M");
        (made.GetProperty("flows").GetInt32(), made.GetProperty("until").GetInt64()).ShouldBe((2, 86_400_000));
        made.GetProperty("highestTotal").GetDouble().ShouldBe(6e6, 1);
        (await HighestAsync("72000000")).ShouldBe(0.4, 1e-6);
        (await HighestAsync("28800000")).ShouldBe(0.4 / 3, 1e-6);
    }

    [Fact]
    public async Task Traffic_FolderOfMatrices_IsASeriesInTheOrderOfNames()
    {
        string folder = _files["series"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "m10.csv"), "from,to,rate\na,b,2M\n");
        File.WriteAllText(Path.Combine(folder, "m2.csv"), "from,to,rate\na,b,5M\n");
        JsonElement made = await MakeAsync(folder, "--interval", "60");
        (made.GetProperty("files").GetInt32(), made.GetProperty("changes").GetInt32(), made.GetProperty("until").GetInt64())
            .ShouldBe((2, 1, 120_000));
        (await HighestAsync("0")).ShouldBe(0.5, 1e-9);
        (await HighestAsync("60000")).ShouldBe(0.2, 1e-9);
    }

    [Fact]
    public async Task Traffic_Records_KeepTheirTimes()
    {
        await MakeAsync(_files.Write("records.csv", "from,to,start,end,bytes\na,b,1000,2000,625000\n"));
        (await HighestAsync("1500")).ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public async Task Traffic_WhatIsLeftOut_IsToldAndNothingLeftIsRefused()
    {
        await MakeAsync(_files.Write("records.csv", "from,to,start,end,rate\na,b,0,5,1\nb,b,0,5,1\n"));
        _cli.ErrorLines[^1].ShouldBe(
            $"{_files["records.csv"]}: 1 records from a node to itself, or of nodes that are left out, are left out");

        string loops = _files.Write("loops.csv", "from,to,start,end,rate\nb,b,0,5,1\n");
        Cli cli = new();
        (await cli.InvokeAsync("network", "traffic", loops, "--topology", _links, "--out", _files["none.json"]))
            .ShouldBe(ExitCodes.BadInput);
        cli.ErrorLines[^1].ShouldBe($"akkalb: {loops}: expected traffic between two nodes of {_links}, found none");
        File.Exists(_files["none.json"]).ShouldBeFalse();
    }

    /// <summary>Of a series every note, but once where many files have it.</summary>
    [Fact]
    public async Task Traffic_NotesOfLaterMatrices_AreToldOnce()
    {
        string second = _files.Write("m2.csv", "from,to,rate\na,b,2M\nb,b,1M\n");
        string third = _files.Write("m3.csv", "from,to,rate\na,b,2M\nb,b,1M\n");
        Cli cli = new();
        (await cli.InvokeAsync("network", "traffic", _demands, second, third, "--topology", _links, "--out", _out)).ShouldBe(
            ExitCodes.Success);
        cli.ErrorLines[^2..].ShouldBe(
        [
            $"{_demands}: demands are taken to be in bit/s (CSV) (and in 2 more files)",
            $"{second}: 1 demands from a node to itself are left out (and in 1 more file)",
        ]);
    }

    [Theory]
    [InlineData("--interval")]
    [InlineData("--diurnal")]
    public async Task Traffic_RecordsWithOptionOfMatrices_IsRefused(string option)
    {
        string records = _files.Write("records.csv", "from,to,start,end,bytes\na,b,1000,2000,625000\n");
        (await _cli.InvokeAsync("network", "traffic", records, "--topology", _links, "--out", _out, option, "1"))
            .ShouldBe(ExitCodes.BadInput);
        _cli.Error.ShouldEndWith($"akkalb: {option}: expected a matrix, found flow records, which have their times\n");
        File.Exists(_out).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--diurnal: expected a number from 0 to 1, found '2'", "--diurnal", "2")]
    [InlineData("--total: expected bit/s such as 40G, found 'much'", "--total", "much")]
    [InlineData("--interval: expected seconds, a number from 0.001 to below 1000000, found '0'", "--interval", "0")]
    [InlineData("--interval: counts without --diurnal only", "--interval", "60", "--diurnal", "0.5")]
    [InlineData("--peak-hour: counts with --diurnal only", "--peak-hour", "3")]
    public async Task Traffic_BadOption_IsRefusedInOneLine(string expected, params string[] options)
    {
        await _cli.ShouldRefuseAsync(["network", "traffic", _demands, "--topology", _links, "--out", _out, .. options], expected);
        File.Exists(_out).ShouldBeFalse();
    }

    [Fact]
    public async Task Traffic_DayOfRecords_IsRefused()
    {
        string records = _files.Write("records.csv", "from,to,start,end,rate\na,b,0,5,1\n");
        (await _cli.InvokeAsync("network", "traffic", records, "--topology", _links, "--out", _out, "--diurnal", "0.5"))
            .ShouldBe(ExitCodes.BadInput);
        _cli.ErrorLines[^1].ShouldBe("akkalb: --diurnal: expected a matrix, found flow records, which have their times");
    }

    private async Task<JsonElement> MakeAsync(params string[] arguments)
    {
        (await _cli.InvokeAsync(["network", "traffic", .. arguments, "--topology", _links, "--out", _out, "--json"]))
            .ShouldBe(ExitCodes.Success, _cli.Error);
        using JsonDocument document = JsonDocument.Parse(_cli.Output);
        return document.RootElement.Clone();
    }

    private async Task<double> HighestAsync(string at)
    {
        Cli cli = new();
        (await cli.InvokeAsync("network", "evaluate", "--topology", _links, "--flows", _out, "--hash", "fluid", "--at", at, "--json"))
            .ShouldBe(ExitCodes.Success, cli.Error);
        using JsonDocument document = JsonDocument.Parse(cli.Output);
        return document.RootElement.GetProperty("maxUtilisation").GetDouble();
    }
}

using System.Text.Json;

namespace AkkaLb.Cli.Tests.Commands;

public sealed class DataCenterImportCommandTests : IDisposable
{
    private const string Log = "start_ms,took_ms,path\n0,100,/wiki/a\n500,300,/logo.png\n250,50,/wiki/b\n1000,broken,/wiki/c\n";

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli = new();

    public void Dispose() => _folder.Dispose();

    private string[] Import(params string[] more) =>
    [
        "datacenter", "import", _folder.Write("jobs.csv", Log), "--arrival", "start_ms", "--arrival-unit", "ms", "--service", "took_ms",
        "--service-unit", "ms", "--class", "path", "--prefix", "page=/wiki/", "--out", _folder["trace.csv"], .. more,
    ];

    [Fact]
    public async Task Import_Csv_WritesTheTraceAndSaysWhatItDid()
    {
        (await _cli.InvokeAsync(Import())).ShouldBe(ExitCodes.Success, _cli.Error);

        File.ReadAllText(_folder["trace.csv"]).ShouldBe("seconds,service,class\n0,0.1,page\n0.25,0.05,page\n0.5,0.3,other\n");
        _cli.Output.ShouldContain("CSV: 3 requests of 4 lines in 0.5 s, 6 a second, 0.15 s each, 0.9 at once");
        _cli.Output.ShouldContain("- 1 line cannot be read and is left out: line 5\n");
        _cli.Output.ShouldContain("- 1 of 3 requests were out of order, by at most 0.25 s, and were sorted\n");
        _cli.Output.ShouldContain("a load of 0.8 needs 2 workers");
    }

    [Fact]
    public async Task Import_AllAtOnce_HasNoRate()
    {
        string log = _folder.Write("once.csv", "seconds,service\n5,0.1\n5,0.3\n");
        (await _cli.InvokeAsync("datacenter", "import", log, "--out", _folder["trace.csv"])).ShouldBe(ExitCodes.Success, _cli.Error);
        _cli.Output.ShouldContain("CSV: 2 requests of 2 lines in 0 s, 0.2 s each\n");
        _cli.Output.ShouldNotContain("workers");

        (await _cli.InvokeAsync("datacenter", "import", log, "--out", _folder["trace.csv"], "--force", "--json"))
            .ShouldBe(ExitCodes.Success);
        string json = _cli.Output[_cli.Output.IndexOf('{', StringComparison.Ordinal)..];
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(json);
        document.GetProperty("rate").ValueKind.ShouldBe(JsonValueKind.Null);
        document.GetProperty("busy").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public Task Import_UntilBeforeFrom_IsRefused() =>
        _cli.ShouldRefuseAsync(Import("--from", "5", "--until", "3"), "--until: expected more than --from (5), found 3");

    [Fact]
    public Task Import_ColumnsOfALogThatIsNoCsv_AreRefused() => _cli.ShouldRefuseAsync(
        [
            "datacenter", "import",
            _folder.Write("access.log", "1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 0.1 0.1\n"),
            "--format", "nginx", "--log-format",
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" "
            + "$request_time $upstream_response_time", "--arrival", "foo", "--out", _folder["trace.csv"],
        ],
        "--arrival: counts for CSV only");

    [Fact]
    public async Task Import_Json_HasTheNamesOfTheContract()
    {
        (await _cli.InvokeAsync(Import("--json"))).ShouldBe(ExitCodes.Success, _cli.Error);

        JsonElement document = JsonSerializer.Deserialize<JsonElement>(_cli.Output);
        document.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "out", "format", "requests", "lines", "seconds", "rate", "meanService", "busy", "classes", "outOfOrder", "unreadable", "notes",
        ]);
        document.GetProperty("classes")[0].EnumerateObject().Select(p => p.Name)
            .ShouldBe(["name", "requests", "meanService", "p99Service"]);
    }

    [Fact]
    public async Task Import_ExistingFile_IsKept()
    {
        _folder.Write("trace.csv", "mine");
        await _cli.ShouldRefuseAsync(Import(), "--out", "--force");
        File.ReadAllText(_folder["trace.csv"]).ShouldBe("mine");
    }

    [Theory]
    [InlineData("--prefix: expected NAME=PREFIX such as page=/wiki/, found '/wiki/'", "--prefix", "/wiki/")]
    [InlineData("--reorder: expected a number from 0 to 1000000, found '-1'", "--reorder", "-1")]
    [InlineData("--format: expected auto or nginx or haproxy or envoy or csv, found 'apache'", "--format", "apache")]
    public async Task Import_BadOption_SaysWhatWasExpected(string message, params string[] more) =>
        await _cli.ShouldRefuseAsync(Import(more), message);

    [Fact]
    public async Task Import_NoLog_SaysWhatWasExpected() => await _cli.ShouldRefuseAsync(
        ["datacenter", "import", _folder.Write("x.txt", "hello\n"), "--out", _folder["t.csv"]],
        "x.txt, line 1: expected an access log of nginx");
}

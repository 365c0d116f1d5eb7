using System.Net;
using AkkaLb.Runtime.Runs;
using Microsoft.Data.Sqlite;

namespace AkkaLb.Dashboard.Tests;

/// <summary>Of a run whose files are damaged the pages name the file, and say so for as long as it is.</summary>
[Collection(SampleRunsCollection.Name)]
public sealed class DamagedRunTests(SampleRuns runs) : IAsyncLifetime
{
    private const string Nullable =
        "CREATE TABLE copy AS SELECT * FROM journal; DROP TABLE journal; ALTER TABLE copy RENAME TO journal; ";

    private readonly string _folder = Directory.CreateTempSubdirectory("akkalb-damaged-").FullName;
    private readonly ErrorLog _errors = new();
    private readonly HttpClient _http = new();
    private DashboardServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _http.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("\"0,1", "episodes.csv: line 20: expected comma-separated values, with quotes that are closed")]
    [InlineData("18,0.5", "episodes.csv: line 20: expected ")]
    [InlineData("", "episodes.csv: line 20: expected ")]
    public async Task Episodes_DamagedLine_IsNamedAtEveryLook(string line, string problem)
    {
        string file = Path.Combine(Copy(SampleRuns.Network), RunFolder.EpisodesFile);
        string[] lines = await File.ReadAllLinesAsync(file);
        lines[19] = line;
        await File.WriteAllLinesAsync(file, lines);
        for (int look = 0; look < 3; look++)
        {
            (await PageAsync("run/one")).ShouldContain(problem);
        }
        (await PageAsync("runs")).ShouldContain(problem);
    }

    [Fact]
    public async Task Episodes_NoNumber_IsNamedByPageAndChart()
    {
        string file = Path.Combine(Copy(SampleRuns.Network), RunFolder.EpisodesFile);
        string[] lines = await File.ReadAllLinesAsync(file);
        int phi = Array.IndexOf(lines[0].Split(','), "phi");
        lines[19] = string.Join(',', lines[19].Split(',').Select((field, i) => i == phi ? "0.0x" : field));
        await File.WriteAllLinesAsync(file, lines);
        const string problem = "episodes.csv: line 20: expected a number in column 'phi', found '0.0x'";
        (await PageAsync("run/one")).ShouldContain(problem);
        (await PageAsync("compare/one/chart.svg", HttpStatusCode.InternalServerError)).ShouldContain(problem);
    }

    /// <summary>What is being written may end within a line; what is finished may not.</summary>
    [Fact]
    public async Task Episodes_HalfALineAtTheEnd_IsDamageOfAFinishedRunOnly()
    {
        await File.AppendAllTextAsync(Path.Combine(Copy(SampleRuns.Network), RunFolder.EpisodesFile), "60,0.");
        (await PageAsync("run/one")).ShouldContain("episodes.csv: line 62: expected a whole line, as the run has finished");
        string folder = Copy(SampleRuns.Network, "two");
        File.Delete(Path.Combine(folder, RunFolder.SummaryFile));
        await File.AppendAllTextAsync(Path.Combine(folder, RunFolder.EpisodesFile), "60,0.");
        (await PageAsync("run/two")).ShouldNotContain("expected");
    }

    [Theory]
    [InlineData("message = NULL", "agents")]
    [InlineData("message = NULL", "network")]
    [InlineData("identifier = 1000000000000", "agents")]
    public async Task Journal_RowOfAnotherKind_IsNamed(string change, string page)
    {
        string events = Path.Combine(Copy(SampleRuns.Network), "journal", "events.db");
        using (SqliteConnection connection = new($"Data Source={events};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"{Nullable}UPDATE journal SET {change} WHERE ordering = 3";
            command.ExecuteNonQuery();
        }
        for (int look = 0; look < 2; look++)
        {
            (await PageAsync($"run/one/{page}")).ShouldContain($"{events}: the row of ordering 3 is damaged: expected ");
        }
    }

    [Theory]
    [InlineData(SampleRuns.DataCenter, "run/one/datacenter", "{\"policies\":[1]}")]
    [InlineData(SampleRuns.DataCenter, "run/one", "{\"name\":\"\\ud800\"}")]
    [InlineData(SampleRuns.Network, "run/one", "{\"metrics\":{\"phi\":1},\"metrics.phi\":2}", "metrics.phi is there twice")]
    [InlineData("", "run/one/testbed", "{\"rows\":[{\"contender\":\"x\"}]}")]
    [InlineData("", "run/one/testbed", "{\"rows\":5}")]
    public async Task Summary_OfAnotherShape_IsNamed(string like, string page, string content, string cause = "")
    {
        string folder = like.Length > 0 ? Copy(like) : Directory.CreateDirectory(Path.Combine(_folder, "one")).FullName;
        if (like.Length == 0)
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, RunFolder.ConfigurationFile), "akkalb { name = small, testbed.contenders = [sed, p2c] }\n");
        }
        await File.WriteAllTextAsync(Path.Combine(folder, RunFolder.SummaryFile), content);
        for (int look = 0; look < 2; look++)
        {
            (await PageAsync(page)).ShouldContain($"{Path.Combine(folder, RunFolder.SummaryFile)}: expected a run's summary: {cause}");
        }
    }

    [Fact]
    public async Task Comparison_SummaryOfAnotherShape_SaysSo()
    {
        string summary = Path.Combine(Copy(SampleRuns.Network), RunFolder.SummaryFile);
        await File.WriteAllTextAsync(summary, "{\"metrics\":{\"phi\":1},\"metrics.phi\":2}");
        (await PageAsync("compare/one/figures.csv", HttpStatusCode.InternalServerError))
            .ShouldBe($"{summary}: expected a run's summary: metrics.phi is there twice\n");
    }

    [Fact]
    public async Task Folder_MovedAway_IsSaid()
    {
        Copy(SampleRuns.Network);
        await PageAsync("run/one");
        Directory.Delete(_folder, recursive: true);
        string problem = $"{_folder}: expected a folder with run folders in it that can be read";
        (await PageAsync("compare/one/figures.csv", HttpStatusCode.InternalServerError)).ShouldContain(problem);
        (await PageAsync("files/one/summary.json", HttpStatusCode.InternalServerError)).ShouldContain(problem);
        (await PageAsync("run/one")).ShouldContain(problem);
        (await PageAsync("runs")).ShouldContain(problem);
    }

    /// <summary>A testbed keeps no journal, and its configuration is not called wrong for it.</summary>
    [Fact]
    public async Task Agents_OfATestbed_SayThatItHasNone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "one"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "one", RunFolder.ConfigurationFile), "akkalb.testbed.contenders = [sed]\n");
        (await PageAsync("run/one/agents")).ShouldContain("this is a testbed, and a testbed has none");
    }

    /// <summary>Asks for a page; whatever it is, it has the headers, and nothing is logged as unexpected.</summary>
    private async Task<string> PageAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        // It asks itself for the first page, and what it has looked at then counts for half a second: so it starts once there is damage.
        _server ??= await DashboardServer.StartAsync(new DashboardOptions(0) { Runs = _folder }, TimeProvider.System, _errors.Add);
        using HttpResponseMessage answer = await _http.GetAsync(_server.Address + path);
        string text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        if (text.Contains("Reading the ", StringComparison.Ordinal))
        {
            // Where journals take a while the page comes first.
            return await PageAsync(path, expected);
        }
        answer.StatusCode.ShouldBe(expected, text);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        _errors.Lines.ShouldBeEmpty();
        return text;
    }

    private string Copy(string run, string name = "one")
    {
        string to = Path.Combine(_folder, name);
        foreach (string file in Directory.EnumerateFiles(runs[run], "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(runs[run], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }
}

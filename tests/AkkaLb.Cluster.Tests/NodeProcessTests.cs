using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AkkaLb.Runtime.Cluster;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cluster.Tests;

/// <summary><c>akkalb node</c>, <c>cluster</c> and <c>run --cluster</c> as processes: what they say, and how they end.</summary>
public sealed class NodeProcessTests : ClusterTest
{
    private readonly List<Program> _programs = [];

    public override async Task DisposeAsync()
    {
        _programs.ForEach(program => program.Dispose());
        await base.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Node_Signalled_TellsItsStatusThenLeavesAndExitsZero(string signal)
    {
        RequirePostgres();
        (Program node, string http) = await StartNodeAsync();
        await UntilAsync(http, IsReadyAsync);
        (int code, string text) = await RunAsync("cluster", "status", "--node", http, "--json");
        code.ShouldBe(0);
        JsonElement status = JsonDocument.Parse(text).RootElement;
        JsonElement member = status.GetProperty("members").EnumerateArray().ShouldHaveSingleItem();
        string address = member.GetProperty("address").GetString()!;
        member.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["agents", "learner"]);
        (member.GetProperty("status").GetString(), member.GetProperty("shards").GetInt32(), member.GetProperty("agents").GetInt32())
            .ShouldBe(("Up", 0, 0));
        member.GetProperty("upSince").GetDateTimeOffset().Year.ShouldBeGreaterThan(2000);
        status.GetProperty("unreachable").GetArrayLength().ShouldBe(0);
        status.GetProperty("singleton").GetString().ShouldBe(address);
        status.GetProperty("agents").GetProperty("total").GetInt32().ShouldBe(0);
        status.GetProperty("agents").GetProperty("byNode").GetProperty(address).GetInt32().ShouldBe(0);
        (code, text) = await RunAsync("cluster", "status", "--node", http);
        code.ShouldBe(0);
        text.ShouldContain(address);
        node.Signal(signal);
        (await node.EndAsync(Deadline)).ExitCode.ShouldBe(0);
        node.Errors.ShouldEndWith("akkalb: the node has left");
    }

    [SkippableFact]
    public async Task Node_PortsTaken_ExitsOneInOneLine()
    {
        RequirePostgres();
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (string key in new[] { "node.port", "node.http.port" })
        {
            (int code, string line) = await FailAsync("node", NodeFile(Database), "--set", $"{key}={port}");
            code.ShouldBe(1, line);
            line.ShouldStartWith($"akkalb: the node cannot listen on 127.0.0.1:{port}: ");
        }
    }

    /// <summary>Two nodes that shared a port would get each other's messages; two with one folder, each other's working files.</summary>
    [SkippableFact]
    public async Task Node_PortOrFolderOfAnother_ExitsInOneLine()
    {
        RequirePostgres();
        (Program node, _) = await StartNodeAsync();
        string port = node.Errors.Split("akkalb@127.0.0.1:")[1].Split(',')[0];
        string folder = $"node.folder={Path.Combine(Folder, "other")}";
        (int code, string line) = await FailAsync("node", NodeFile(Database), "--set", $"node.port={port}", "--set", folder);
        code.ShouldBe(1, line);
        line.ShouldStartWith($"akkalb: the node cannot listen on 127.0.0.1:{port}: ");
        (code, line) = await FailAsync("node", NodeFile(Database));
        code.ShouldBe(2, line);
        line.ShouldBe($"akkalb: {Path.Combine(Folder, "node")}: expected a node's folder that no other process works on: another one does");
    }

    [SkippableFact]
    public async Task ClusterUp_WrongNodeKeys_ExitsTwoBeforeAnythingIsStarted()
    {
        foreach ((string key, string expected) in new[]
        {
            ("port=4053", "akkalb: --node port=4053: expected a key that all nodes can share"),
            ("nokey=1", "akkalb: --node nokey=1: "), ("patience=1ms", "akkalb: --node patience=1ms: 'akkalb.node.patience' is '1ms'"),
            ("roles=[gateway]", "akkalb: --node: 'roles': expected agents and learner"),
        })
        {
            (int code, string line) = await FailAsync("cluster", "up", Experiment("samaroh", 10), "--node", key);
            code.ShouldBe(2, line);
            line.ShouldStartWith(expected);
        }
        (int many, string tooMany) = await FailAsync("cluster", "up", Experiment("samaroh", 10), "-n", "65");
        many.ShouldBe(2, tooMany);
        tooMany.ShouldContain("a whole number from 1 to 64");
        (int other, string refused) = await FailAsync("cluster", "up", Experiment("samaroh", 10), "--database", "x");
        other.ShouldBe(2, refused);
        refused.ShouldStartWith("akkalb: --database: expected a database that can be used: it is no connection string");
    }

    [SkippableFact]
    public async Task RunOnCluster_NobodyBegins_InterruptedIsWithdrawn()
    {
        RequirePostgres();
        string folder = Path.Combine(Folder, "cluster");
        Program run = Start("run", Experiment("samaroh", 20), "--cluster", NodeFile(Database), "--out", folder);
        await run.SaysAsync("handed in", Deadline);
        run.Signal("INT");
        (await run.EndAsync(Deadline)).ExitCode.ShouldBe(130, run.Errors);
        run.Errors.ShouldContain("withdrawn");
        (await Start("resume", folder).EndAsync(Deadline)).ExitCode.ShouldBe(0);
    }

    /// <summary>Who handed a run in is killed: the run goes on, and another one fetches it.</summary>
    [SkippableFact]
    public async Task RunOnCluster_ClientIsKilled_IsFetchedByResume()
    {
        RequirePostgres();
        string folder = Path.Combine(Folder, "cluster");
        Program run = Start("run", Experiment("samaroh", 20), "--cluster", NodeFile(Database), "--out", folder);
        await run.SaysAsync("handed in", Deadline);
        run.Signal("KILL");
        await run.EndAsync(Deadline);
        (int code, string line) = await FailAsync("resume", folder);
        code.ShouldBe(2, line);
        line.ShouldContain("a cluster plays it as 'cluster'");
        await StartNodeAsync();
        Program resumed = Start("resume", folder, "--cluster", NodeFile(Database));
        (await resumed.EndAsync(Deadline)).ExitCode.ShouldBe(0, resumed.Errors);
        File.ReadAllText(Path.Combine(folder, RunFolder.EpisodesFile)).ShouldBe(
            File.ReadAllText(Path.Combine(await RunAloneAsync(Experiment("samaroh", 20)), RunFolder.EpisodesFile)));
        JournalShouldBeWhole(folder);
        (code, line) = await FailAsync("resume", folder, "--cluster", NodeFile(Database));
        (code, line).ShouldBe((2, $"akkalb: {folder}: expected a run that was handed in to a cluster and not fetched yet"));
    }

    [Fact]
    public async Task Node_DatabaseThatNobodyServes_ExitsOneInOneLine()
    {
        (int code, string line) = await FailAsync("node", NodeFile("Host=127.0.0.1;Port=1;Database=x;Username=x"));
        code.ShouldBe(1, line);
        line.ShouldContain("database");
    }

    [Fact]
    public async Task Node_WrongKey_ExitsTwoInOneLine()
    {
        string file = NodeFile("");
        (int code, string line) = await FailAsync("node", file);
        code.ShouldBe(2);
        line.ShouldStartWith($"akkalb: {file}: 'akkalb.node.database' is '', expected a connection string of PostgreSQL");
    }

    [Fact]
    public async Task Status_NobodyThere_ExitsOneInOneLine()
    {
        (int code, string line) = await FailAsync("cluster", "status", "--node", "http://127.0.0.1:1");
        code.ShouldBe(1);
        line.ShouldStartWith("akkalb: no node answers at http://127.0.0.1:1");
        (code, line) = await FailAsync("cluster", "status", "--node", "nowhere");
        code.ShouldBe(2);
        line.ShouldStartWith("akkalb: --node: expected an address");
    }

    [SkippableFact]
    public async Task RunOnCluster_Interrupted_IsFetchedAndGoesOnHere()
    {
        RequirePostgres();
        string folder = Path.Combine(Folder, "cluster");
        (Program node, _) = await StartNodeAsync();
        Program run = Start("run", Experiment("samaroh", 100_000), "--cluster", NodeFile(Database), "--out", folder);
        // Progress, seconds after the start: there has been a policy update.
        await run.SaysAsync(" left", Deadline);
        run.Signal("INT");
        (await run.EndAsync(Deadline)).ExitCode.ShouldBe(130, run.Errors);
        run.Errors.ShouldContain("akkalb resume");
        node.Signal("TERM");
        (await node.EndAsync(Deadline)).ExitCode.ShouldBe(0);
        Program resumed = Start("resume", folder);
        await resumed.SaysAsync(" episodes (from ", Deadline);
        // As 'timeout' does, which means one.
        resumed.Signal("INT", times: 2);
        (await resumed.EndAsync(Deadline)).ExitCode.ShouldBe(130, resumed.Errors);
        JournalShouldBeWhole(folder);
    }

    /// <summary>A second signal does not wait until the node has left; another node goes on from what is stored.</summary>
    [SkippableFact]
    public async Task Node_InterruptedTwice_EndsAtOnceAndLosesNothing()
    {
        RequirePostgres();
        string folder = Path.Combine(Folder, "cluster");
        (Program node, string http) = await StartNodeAsync();
        Program run = Start("run", Experiment("samaroh", 100_000), "--cluster", NodeFile(Database), "--out", folder);
        await run.SaysAsync(" left", Deadline);
        node.Signal("INT");
        await UntilAsync(http, async (client, at) => !await IsReadyAsync(client, at));
        Task<(int ExitCode, string Out)> end = node.EndAsync(Deadline);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!end.IsCompleted)
        {
            // One that follows the first within a moment would count as the same.
            node.Signal("INT");
            await Task.WhenAny(end, timer.WaitForNextTickAsync(Deadline).AsTask());
        }
        (await end).ExitCode.ShouldBe(130, node.Errors);
        node.Errors.ShouldNotContain("has left");
        (_, string next) = await StartNodeAsync();
        await UntilAsync(next, HostsAgentsAsync);
        run.Signal("INT");
        (await run.EndAsync(Deadline)).ExitCode.ShouldBe(130, run.Errors);
        JournalShouldBeWhole(folder);
    }

    [SkippableFact]
    public async Task ClusterUp_Interrupted_LeavesNoProcess()
    {
        RequirePostgres();
        // PostgreSQL's server runs as nobody where this is root.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        Program up = Start("cluster", "up", "-n", "2", Experiment("samaroh", 100_000), "--out", Path.Combine(Folder, "up"));
        await up.SaysAsync("episode", Deadline);
        Processes().ShouldNotBeEmpty();
        up.Signal("INT");
        (await up.EndAsync(Deadline)).ExitCode.ShouldBe(130, up.Errors);
        Processes().ShouldBeEmpty();
    }

    private static void JournalShouldBeWhole(string folder)
    {
        using JournalReader journal = JournalReader.Open(JournalLocation.Of(folder));
        JournalVerifier.Verify(journal, RunFolder.Open(folder)).Problems.ShouldBeEmpty();
    }

    /// <summary>Command lines that name a temporary folder of this test: nodes, and PostgreSQL's server.</summary>
    private string[] Processes() =>
    [
        .. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            }
            catch (IOException)
            {
                return "";
            }
        }).Where(line => line.Contains(Path.Combine(Folder, "akkalb-"), StringComparison.Ordinal)),
    ];

    private string NodeFile(string database)
    {
        string file = Path.Combine(Folder, "node.conf");
        File.WriteAllText(file, $$"""akkalb.node { port = 0, http.port = 0, database = "{{database}}" }""");
        return file;
    }

    private async Task<(Program Node, string Http)> StartNodeAsync()
    {
        Program node = Start("node", NodeFile(Database));
        string line = await node.SaysAsync("status at ", Deadline);
        string http = line[(line.IndexOf("status at ", StringComparison.Ordinal) + 10)..];
        return (node, http[..http.IndexOf("/status", StringComparison.Ordinal)]);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, string http) =>
        (await client.GetAsync(http + "/health/ready")).IsSuccessStatusCode;

    private static async Task<bool> HostsAgentsAsync(HttpClient client, string http) =>
        (await client.GetFromJsonAsync<ClusterStatus>(http + "/status", JsonSerializerOptions.Web))!.Agents.Total > 0;

    /// <summary>Asks a node until it is as it is to be.</summary>
    private async Task UntilAsync(string http, Func<HttpClient, string, Task<bool>> holds)
    {
        using HttpClient client = new();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!await holds(client, http))
        {
            await timer.WaitForNextTickAsync(Deadline);
        }
    }

    private async Task<(int ExitCode, string Line)> FailAsync(params string[] arguments)
    {
        Program program = Start(arguments);
        (int code, string text) = await program.EndAsync(Deadline);
        text.ShouldBeEmpty();
        program.Errors.ShouldNotContain('\n');
        return (code, program.Errors);
    }

    private Task<(int ExitCode, string Out)> RunAsync(params string[] arguments) => Start(arguments).EndAsync(Deadline);

    private Program Start(params string[] arguments)
    {
        Program program = Program.Start(Folder, arguments);
        _programs.Add(program);
        return program;
    }
}

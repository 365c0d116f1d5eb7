using System.Net;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace AkkaLb.Cli.Tests;

/// <summary><c>akkalb proxy</c> and what looks after it, as processes.</summary>
public sealed class ProxyProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Proxy_ServesIsLookedAfterAndEndsCleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using HttpListener server = Listen(out int port);
        Task serving = ServeAsync(server);
        string file = Path.Combine(_folder.FullPath, "proxy.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkalb.proxy {
              state = "{{_folder.FullPath}}/state", listeners.web.address = "http://127.0.0.1:0", admin.address = "http://127.0.0.1:0"
              clusters.web.servers.a.address = "http://127.0.0.1:{{port}}"
            }
            """);
        TaskCompletionSource<string> started = new();
        using CancellationTokenSource end = new();
        List<string> lines = [];
        CommandTask<CommandResult> proxy = BuiltProgram.Command("proxy", file, "--json")
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                lines.Add(line);
                if (line == "}")
                {
                    started.TrySetResult(string.Join('\n', lines));
                }
            }))
            .WithValidation(CommandResultValidation.None).ExecuteAsync(end.Token);
        // Whatever fails, the process does not outlive the test.
        using Finally killed = new(end.Cancel);
        await Task.WhenAny(started.Task, proxy);
        using JsonDocument said = JsonDocument.Parse(await started.Task);
        string admin = said.RootElement.GetProperty("admin").GetString()!;
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(said.RootElement.GetProperty("addresses")[0].GetString());
        (await answer.Content.ReadAsStringAsync()).ShouldBe("served");

        BufferedCommandResult status = await BuiltProgram.Command("proxy", "status", "--admin", admin).ExecuteBufferedAsync();
        status.StandardOutput.ShouldContain("proxy / web: learned");
        status.StandardOutput.ShouldContain("in use");
        BufferedCommandResult why = await BuiltProgram.Command(
            "proxy", "why", answer.Headers.GetValues("x-akkalb-request").Single(), "--admin", admin).ExecuteBufferedAsync();
        why.StandardOutput.ShouldContain("a, by policy learned");
        BufferedCommandResult drain = await BuiltProgram.Command("proxy", "drain", "b", "--admin", admin)
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        drain.ExitCode.ShouldBe(2);
        drain.StandardError.TrimEnd().ShouldBe($"akkalb: {admin.TrimEnd('/')}: b: no such server; 'akkalb proxy status' lists them");

        await new Command("kill").WithArguments(["-TERM", $"{proxy.ProcessId}"]).ExecuteAsync();
        (await proxy).ExitCode.ShouldBe(0);
        server.Stop();
        await serving;
    }

    [Theory]
    [InlineData("proxy", "akkalb.proxy.listener {}", "unknown key 'akkalb.proxy.listener'; did you mean 'akkalb.proxy.listeners'?")]
    [InlineData("steer", "akkalb.steer.balancer {}", "unknown key 'akkalb.steer.balancer'; did you mean 'akkalb.steer.balancers'?")]
    public async Task Command_BadFile_ExitCode2AndOneLine(string command, string text, string problem)
    {
        string file = Path.Combine(_folder.FullPath, "bad.conf");
        await File.WriteAllTextAsync(file, text);
        Cli cli = new();
        (await cli.InvokeAsync(command, file)).ShouldBe(ExitCodes.BadInput);
        cli.Error.TrimEnd().ShouldBe($"akkalb: {file}: {problem}");
        cli.Output.ShouldBeEmpty();
    }

    private sealed class Finally(Action action) : IDisposable
    {
        public void Dispose() => action();
    }

    private static HttpListener Listen(out int port)
    {
        // HttpListener takes no port 0.
        for (port = 20_000; ; port++)
        {
            HttpListener listener = new();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }

    private static async Task ServeAsync(HttpListener server)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await server.GetContextAsync();
                await context.Response.OutputStream.WriteAsync("served"u8.ToArray());
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test ends.
        }
    }
}

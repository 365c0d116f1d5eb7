using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaLb.Live.TestServers;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Live.Testbed;

/// <summary><c>akkalb servers</c> as a process of its own, so that neither its memory nor its threads are the generator's.</summary>
internal sealed class ServersProcess : IAsyncDisposable
{
    private readonly TestbedOptions _options;
    private readonly ChildProcess _process;
    private readonly HttpClient _client = new();
    private Uri _control = new("http://127.0.0.1");

    private ServersProcess(TestbedOptions options, ChildProcess process) => (_options, _process) = (options, process);

    /// <summary>HOST:PORT of each server.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <param name="folder">Absolute; gets the servers' file and log.</param>
    /// <exception cref="RunFailedException">They do not start.</exception>
    public static async Task<ServersProcess> StartAsync(
        TestbedOptions options, string folder, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "servers.conf");
        await File.WriteAllTextAsync(file, Configuration(options.Servers), cancellation);
        TaskCompletionSource<string> told = new();
        StringBuilder output = new();
        ChildProcess process = new(
            options.AkkaLb[0],
            [.. options.AkkaLb.Skip(1), "servers", file, "--json", "--until-stdin-ends"],
            Path.Combine(folder, "servers.log"),
            line =>
            {
                output.Append(line);
                if (line == "}")
                {
                    told.TrySetResult(output.ToString());
                }
            },
            holdInput: true);
        ServersProcess servers = new(options, process);
        try
        {
            using JsonDocument document = JsonDocument.Parse(await process.UntilAsync(told.Task, options.ReadyWithin, time, cancellation));
            JsonElement root = document.RootElement;
            servers._control = new Uri(root.GetProperty("control").GetString()!);
            servers.Addresses = [.. root.GetProperty("servers").EnumerateArray().Select(s => s.GetProperty("address").GetString()!)];
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>As at the start of a run: nobody in them, full speed, no faults, without the servers that an event adds.</summary>
    public Task ResetAsync(CancellationToken cancellation) => PostAsync(
        TestServerSet.ResetPath, string.Join('\n', Enumerable.Range(0, Addresses.Count).Where(_options.IsAbsentAtStart)), cancellation);

    public Task ApplyAsync(ServerChange change, CancellationToken cancellation) =>
        PostAsync(TestServerSet.ChangesPath, change.ToString(), cancellation);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private static string Configuration(TestServersOptions servers) => string.Create(CultureInfo.InvariantCulture, $$"""
        akkalb {
          seed = {{servers.Seed}}
          servers {
            slots = [{{string.Join(", ", servers.Slots)}}]
            speeds = [{{string.Join(", ", servers.Speeds.Select(s => s.ToString("R", CultureInfo.InvariantCulture)))}}]
            backlog = {{servers.Backlog}}
            service = {{servers.Service.ToString().ToLowerInvariant()}}
            default-work = {{servers.DefaultWork.TotalMilliseconds:0.###}}ms
            body = {{servers.Body}}
            address = "{{servers.Address}}"
            port = 0
            control-port = 0
          }
        }

        """);

    private async Task PostAsync(string path, string body, CancellationToken cancellation)
    {
        try
        {
            using StringContent content = new(body);
            using HttpResponseMessage response = await _client.PostAsync(new Uri(_control, path), content, cancellation);
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw new RunFailedException($"the test servers do not take '{body}': {e.Message}", e);
        }
    }
}

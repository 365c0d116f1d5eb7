using System.Net;
using AkkaLb.Live.Proxy;
using AkkaLb.Live.Proxy.Admin;
using AkkaLb.Live.Proxy.Configuration;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>A proxy before backends, in this process, on free ports, with its state in a folder that goes with it.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly ProxyServer _proxy;
    private readonly bool _ownsFolder;

    private RunningProxy(ProxyServer proxy, string folder, bool ownsFolder, SharedText notices)
    {
        (_proxy, Folder, _ownsFolder, Notices) = (proxy, folder, ownsFolder, notices);
        Http = new HttpClient { BaseAddress = proxy.Addresses[0], Timeout = TimeSpan.FromSeconds(20) };
        Admin = new AdminClient(proxy.AdminAddress!.ToString(), Token);
    }

    /// <summary>Of the admin API, for all.</summary>
    public const string Token = "";

    public string Folder { get; }

    public SharedText Notices { get; }

    public HttpClient Http { get; }

    public AdminClient Admin { get; }

    public ProxyServer Server => _proxy;

    public string File => Path.Combine(Folder, "proxy.conf");

    /// <param name="cluster">Keys of the cluster <c>web</c>.</param>
    /// <param name="folder">Of an earlier proxy; null: a new one.</param>
    /// <param name="proxy">Keys of the proxy.</param>
    /// <param name="lookUp">What DNS says; null: that of this machine.</param>
    /// <param name="notices">Gets what it tells, also where it does not start.</param>
    public static async Task<RunningProxy> StartAsync(
        IEnumerable<Backend> backends, string cluster = "", string? folder = null, string proxy = "",
        Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null, SharedText? notices = null)
    {
        bool own = folder is null;
        folder ??= Directory.CreateTempSubdirectory("akkalb-proxy-").FullName;
        string path = Path.Combine(folder, "proxy.conf");
        await System.IO.File.WriteAllTextAsync(path, Text(folder, backends.Select(b => (b.Name, b.Address)), cluster, proxy));
        notices ??= new SharedText();
        ProxyServer server = await ProxyServer.StartAsync(
            ProxyReader.Load(path, []), () => ProxyReader.Load(path, []), notices, TimeProvider.System,
            lookUp ?? Dns.GetHostAddressesAsync);
        return new RunningProxy(server, folder, own, notices);
    }

    /// <summary>Before a server called <c>raw</c>.</summary>
    public static Task<RunningProxy> StartAsync(RawBackend backend, string cluster = "", string proxy = "") =>
        StartAsync([], $"servers.raw.address = \"{backend.Address}\", {cluster}", proxy: proxy);

    public static string Text(string folder, IEnumerable<(string Name, Uri Address)> servers, string cluster, string proxy = "") => $$"""
        akkalb.proxy {
          state = "{{folder}}/state", reload = 0, shutdown = 5s
          listeners.web.address = "http://127.0.0.1:0"
          admin.address = "http://127.0.0.1:0"
          {{proxy}}
          clusters.web {
            servers { {{string.Join(", ", servers.Select(s => $"{s.Name}.address = \"{s.Address}\""))}} }
            {{cluster}}
          }
        }
        akkalb.journal.synchronous = off
        """;

    /// <summary>Writes the file anew, and has it read.</summary>
    /// <param name="cluster">Keys of the cluster <c>web</c>.</param>
    public async Task ReloadAsync(IEnumerable<Backend> backends, string cluster)
    {
        await System.IO.File.WriteAllTextAsync(File, Text(Folder, backends.Select(b => (b.Name, b.Address)), cluster));
        await Admin.ReloadAsync(CancellationToken.None);
    }

    /// <summary>The body of an answer.</summary>
    public async Task<string> GetAsync(string path = "/") => await Http.GetStringAsync(path);

    public async Task<ServerStatus> StatusAsync(string server) =>
        (await Admin.StatusAsync(CancellationToken.None)).Clusters[0].Servers.Single(s => s.Name == server);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Admin.Dispose();
        await _proxy.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Ends, and leaves its folder to another one.</summary>
    public async Task<string> EndAsync()
    {
        Http.Dispose();
        Admin.Dispose();
        await _proxy.DisposeAsync();
        return Folder;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>
/// A server behind the proxy that answers requests with bytes, or closes the connection; headers are Latin-1.
/// </summary>
internal sealed class RawBackend : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<string> _heads = [];

    /// <param name="answer">To every request, with a connection for each; empty: none.</param>
    public RawBackend(string answer = "")
        : this(_ => Task.FromResult(answer), isOnce: true)
    {
    }

    /// <param name="answer">To a request's head; empty: the connection is closed.</param>
    public RawBackend(Func<string, Task<string>> answer, bool isOnce = false)
    {
        _listener.Start();
        _accepting = AcceptAsync(answer, isOnce);
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Of the requests that came.</summary>
    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads)
            {
                return [.. _heads];
            }
        }
    }

    /// <summary>Sends a request and reads what comes until the other side closes.</summary>
    public static async Task<string> AskAsync(Uri server, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Sends a request and reads the beginning of an answer.</summary>
    public static async Task AskAsync(Uri server, string request, string begin)
    {
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        byte[] got = new byte[begin.Length];
        await client.GetStream().ReadExactlyAsync(got);
        Encoding.Latin1.GetString(got).ShouldBe(begin);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<string, Task<string>> answer, bool isOnce)
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer, isOnce));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient connection, Func<string, Task<string>> answer, bool isOnce)
    {
        using TcpClient client = connection;
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        try
        {
            string bytes;
            do
            {
                StringBuilder head = new();
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    head.AppendLine(line);
                }
                if (head.Length == 0)
                {
                    return;
                }
                lock (_heads)
                {
                    _heads.Add(head.ToString());
                }
                bytes = await answer(head.ToString());
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes), _stop.Token);
            }
            while (!isOnce && bytes.Length > 0);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the proxy wants no more.
        }
    }
}

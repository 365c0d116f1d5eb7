using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaLb.Live.Tests.Proxy.Hosting;

/// <summary>
/// A server behind the proxy that answers every request with the same bytes, or closes the connection; headers are Latin-1.
/// </summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<string> _heads = [];

    /// <param name="answer">Empty: it closes.</param>
    public RawBackend(string answer = "")
    {
        _listener.Start();
        _accepting = AcceptAsync(answer);
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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(string answer)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
                StringBuilder head = new();
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    head.AppendLine(line);
                }
                lock (_heads)
                {
                    _heads.Add(head.ToString());
                }
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AkkaLb.Cluster.Tests;

/// <summary>
/// Stands before a node, on the port by which others know it, until it is cut: then nothing comes through in either direction.
/// </summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private volatile bool _isCut;

    private CutProxy(int target) => Target = target;

    /// <summary>By which others know the node.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where the node listens.</summary>
    public int Target { get; }

    public static CutProxy Start()
    {
        // A port that is free now, for a node that is started next.
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        CutProxy proxy = new(((IPEndPoint)free.LocalEndpoint).Port);
        proxy._listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    public void Cut()
    {
        _isCut = true;
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient from = await _listener.AcceptTcpClientAsync();
                if (_isCut)
                {
                    from.Dispose();
                    continue;
                }
                TcpClient to = new();
                _clients.Add(from);
                _clients.Add(to);
                await to.ConnectAsync(IPAddress.Loopback, Target);
                _ = CopyAsync(from, to);
                _ = CopyAsync(to, from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was ended.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has closed it.
        }
        from.Dispose();
        to.Dispose();
    }
}

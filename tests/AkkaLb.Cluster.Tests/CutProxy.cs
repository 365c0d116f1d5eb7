using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AkkaLb.Cluster.Tests;

/// <summary>
/// Stands before a node, on the port by which others know it, until it is cut: then nothing comes through in either direction. While it is
/// stalled it takes nothing more, and what is sent fills the buffers of the senders.
/// </summary>
internal sealed class CutProxy : IDisposable
{
    private const int BufferSize = 4096;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private volatile bool _isCut;
    private volatile TaskCompletionSource _goesOn = Flowing();

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
        // Of those that it accepts: little is taken that is not passed on.
        proxy._listener.Server.ReceiveBufferSize = BufferSize;
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

    public void Stall() => _goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => _goesOn.TrySetResult();

    public void Dispose()
    {
        GoOn();
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

    private static TaskCompletionSource Flowing()
    {
        TaskCompletionSource flowing = new();
        flowing.SetResult();
        return flowing;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                await _goesOn.Task;
                int count = await from.GetStream().ReadAsync(buffer);
                if (count == 0)
                {
                    break;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has closed it.
        }
        from.Dispose();
        to.Dispose();
    }
}

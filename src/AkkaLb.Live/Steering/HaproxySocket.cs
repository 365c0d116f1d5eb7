using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaLb.Live.Steering;

/// <summary>HAProxy's runtime socket: one command a connection.</summary>
/// <param name="address">A path, or ADDRESS:PORT.</param>
/// <param name="patience">For an answer; null: 5 s.</param>
internal sealed class HaproxySocket(string address, TimeSpan? patience = null)
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(5);

    /// <summary>Sends a command and returns its answer.</summary>
    /// <exception cref="IOException">Nobody answers, or not in time.</exception>
    public async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        try
        {
            return await SendAsync(command, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            string seconds = _patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new IOException($"{address}: HAProxy's socket does not answer within {seconds} s", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"{address}: HAProxy's socket cannot be reached: {e.Message}", e);
        }
    }

    private async Task<string> SendAsync(string command, CancellationToken cancellation)
    {
        bool isNetwork = IPEndPoint.TryParse(address, out IPEndPoint? end) && !address.Contains('/', StringComparison.Ordinal);
        using Socket socket = isNetwork
            ? new Socket(end!.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (!isNetwork && !File.Exists(address))
        {
            throw new IOException($"{address}: HAProxy's socket cannot be reached: there is no such file");
        }
        await socket.ConnectAsync(isNetwork ? end! : new UnixDomainSocketEndPoint(address), cancellation);
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellation);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellation);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaLb.Live.Steering;

/// <summary>HAProxy's runtime socket: one command a connection.</summary>
/// <param name="address">A path, or ADDRESS:PORT.</param>
internal sealed class HaproxySocket(string address)
{
    /// <summary>Sends a command and returns its answer.</summary>
    /// <exception cref="IOException">Nobody answers.</exception>
    public async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        bool isNetwork = IPEndPoint.TryParse(address, out IPEndPoint? end) && !address.Contains('/', StringComparison.Ordinal);
        using Socket socket = isNetwork
            ? new Socket(end!.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (!isNetwork && !File.Exists(address))
        {
            throw new IOException($"{address}: HAProxy's socket cannot be reached: there is no such file");
        }
        try
        {
            await socket.ConnectAsync(isNetwork ? end! : new UnixDomainSocketEndPoint(address), cancellation);
            await using NetworkStream stream = new(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellation);
            using StreamReader reader = new(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync(cancellation);
        }
        catch (SocketException e)
        {
            throw new IOException($"{address}: HAProxy's socket cannot be reached: {e.Message}", e);
        }
    }
}

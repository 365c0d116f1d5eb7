using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaLb.Domain;
using AkkaLb.Live.Timing;

namespace AkkaLb.Live.Steering;

/// <summary>
/// Answers HAProxy's agent checks: the check sends a server's name, the answer is its weight in percent of the configured one. When nobody
/// answers any more, HAProxy keeps the weights that it has.
/// </summary>
internal sealed class HaproxyAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>After a check that could not be accepted, as when too many files are open.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly Task _serving;
    private volatile IReadOnlyDictionary<string, int> _percents = new Dictionary<string, int>();

    /// <param name="key">File and key of the address, for the message.</param>
    /// <param name="troubled">Is told once why no check can be accepted, and null once when they are again.</param>
    /// <exception cref="InvalidInputException">The address cannot be listened on.</exception>
    public HaproxyAgent(IPEndPoint address, string key, TimeProvider time, Action<string?> troubled)
    {
        _listener = new TcpListener(address);
        try
        {
            _listener.Start();
        }
        catch (SocketException e)
        {
            throw new InvalidInputException(
                $"{key} is '{address}', expected an address that agent checks can be answered on: {e.Message}", e);
        }
        // Side by side: one check that sends nothing does not hold up the others.
        _serving = AcceptAsync(_listener.AcceptTcpClientAsync, client => _ = AnswerAsync(client), time, troubled, _stop.Token);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Set(IReadOnlyDictionary<string, int> percents) => _percents = percents;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    /// <summary>Accepts checks until it is told to stop; one that cannot be accepted is followed by the next.</summary>
    internal static async Task AcceptAsync(
        Func<CancellationToken, ValueTask<TcpClient>> accept, Action<TcpClient> answer, TimeProvider time, Action<string?> troubled,
        CancellationToken stop)
    {
        bool isTroubled = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                answer(await accept(stop));
                if (isTroubled)
                {
                    troubled(null);
                }
                isTroubled = false;
            }
            catch (SocketException e) when (!stop.IsCancellationRequested)
            {
                if (!isTroubled)
                {
                    troubled($"agent checks cannot be accepted: {e.Message}");
                }
                isTroubled = true;
                await time.WaitAsync(Pause, stop);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(Patience);
                await using NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                string? name = await reader.ReadLineAsync(patience.Token);
                // An empty answer changes nothing.
                string answer = name is not null && _percents.TryGetValue(name.Trim(), out int percent) ? $"{percent}%\n" : "\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), patience.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // HAProxy asks again.
            }
        }
    }
}

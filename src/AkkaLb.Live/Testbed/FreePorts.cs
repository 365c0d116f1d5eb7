using System.Net;
using System.Net.Sockets;

namespace AkkaLb.Live.Testbed;

/// <summary>Ports of loopback for processes that cannot say which one they took.</summary>
internal static class FreePorts
{
    /// <summary>Different ports, all free at this moment.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        List<TcpListener> listeners = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                TcpListener listener = new(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}

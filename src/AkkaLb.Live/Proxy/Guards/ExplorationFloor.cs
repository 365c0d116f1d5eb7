using AkkaLb.Live.Proxy.Balancing;

namespace AkkaLb.Live.Proxy.Guards;

/// <summary>
/// Every server in use gets at least a share of the requests: once in 1/(share·N) picks one server, in turn, is looked at, and gets the
/// request if it had none since it was looked at last. A server that nobody sends anything could never show that it is well again.
/// </summary>
internal sealed class ExplorationFloor(double share)
{
    private int _turn;
    private double _due;

    /// <returns>The place of the server that is to get the request; −1: whom the policy picks.</returns>
    public int Next(ReadOnlySpan<ServerSlot> servers)
    {
        _due += share * servers.Length;
        if (_due < 1)
        {
            return -1;
        }
        _due -= 1;
        _turn = _turn + 1 < servers.Length ? _turn + 1 : 0;
        ServerSlot server = servers[_turn];
        bool idle = server.IsInUse && server.Picks == server.PicksAtLook;
        server.PicksAtLook = server.Picks + (idle ? 1 : 0);
        return idle ? _turn : -1;
    }
}

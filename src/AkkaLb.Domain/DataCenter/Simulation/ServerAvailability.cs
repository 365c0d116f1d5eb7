namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>
/// Which servers may get new jobs. What an operator has decided (in use, drained, not added yet) and what load balancers have noticed of a
/// server's health are two things, and both must allow it: a return that is noticed does not undo a drain.
/// </summary>
public sealed class ServerAvailability
{
    private readonly bool[] _inUse, _healthy, _available;

    public ServerAvailability(DataCenterModel model)
    {
        _inUse = [.. model.Servers.Select((_, j) => !model.IsAbsentAtStart(j))];
        _healthy = [.. _inUse];
        _available = [.. _inUse];
    }

    /// <summary>Length N; valid until the next change.</summary>
    public ReadOnlySpan<bool> Available => _available;

    /// <summary>An operator takes a server into use or out of it. One that is added is up.</summary>
    /// <returns>False for a change that is none of an operator's, of which load balancers are not told at once.</returns>
    public bool Administer(CapacityChange change)
    {
        int server = change.Server.Index;
        switch (change.Kind)
        {
            case CapacityChangeKind.Drain:
                _inUse[server] = false;
                break;
            case CapacityChangeKind.Add:
                (_inUse[server], _healthy[server]) = (true, true);
                break;
            default:
                return false;
        }
        _available[server] = _inUse[server] && _healthy[server];
        return true;
    }

    /// <summary>Load balancers notice whether a server is up.</summary>
    public void Detect(int server, bool isUp)
    {
        _healthy[server] = isUp;
        _available[server] = _inUse[server] && isUp;
    }
}

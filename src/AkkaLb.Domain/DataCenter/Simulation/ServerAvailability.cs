namespace AkkaLb.Domain.DataCenter.Simulation;

/// <summary>
/// Which servers may get new jobs. What an operator has decided (in use, drained, in maintenance, not added yet) and what load balancers
/// have noticed of a server's health are two things, and both must allow it: a return that is noticed does not undo a drain.
/// </summary>
public sealed class ServerAvailability
{
    private readonly bool[] _inUse, _healthy, _available, _watched;

    public ServerAvailability(DataCenterModel model)
    {
        _inUse = [.. model.Servers.Select((_, j) => !model.IsAbsentAtStart(j))];
        _healthy = [.. _inUse];
        _available = [.. _inUse];
        _watched = [.. _inUse];
    }

    /// <summary>Length N; valid until the next change.</summary>
    public ReadOnlySpan<bool> Available => _available;

    /// <summary>
    /// Whose health is checked: those that are there and that no operator works at. Length N; valid until the next change.
    /// </summary>
    public ReadOnlySpan<bool> Watched => _watched;

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
            case CapacityChangeKind.Maintain:
                (_inUse[server], _watched[server]) = (false, false);
                break;
            case CapacityChangeKind.Enable:
                (_inUse[server], _watched[server]) = (true, true);
                break;
            case CapacityChangeKind.Add:
                (_inUse[server], _healthy[server], _watched[server]) = (true, true, true);
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

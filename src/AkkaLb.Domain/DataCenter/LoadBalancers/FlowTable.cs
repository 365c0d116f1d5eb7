namespace AkkaLb.Domain.DataCenter.LoadBalancers;

/// <summary>The open connections of a load balancer, dense so that they can be walked, each with a handle that stays.</summary>
internal sealed class FlowTable
{
    private Flow[] _flows = new Flow[16];
    private int[] _placeOf = new int[16], _handleAt = new int[16];
    private int _issued;

    public int Count { get; private set; }

    /// <summary>Open connections in no particular order.</summary>
    public ReadOnlySpan<Flow> Flows => _flows.AsSpan(0, Count);

    /// <returns>A handle for <see cref="Remove"/>.</returns>
    public int Add(int server, long opened)
    {
        if (Count == _flows.Length)
        {
            Array.Resize(ref _flows, Count * 2);
            Array.Resize(ref _placeOf, Count * 2);
            Array.Resize(ref _handleAt, Count * 2);
        }

        // Handles of closed connections stand behind the open ones and are used first; new ones follow.
        int handle = Count < _issued ? _handleAt[Count] : _issued++;
        (_flows[Count], _placeOf[handle], _handleAt[Count]) = (new Flow(opened, server), Count, handle);
        Count++;
        return handle;
    }

    public void Remove(int handle)
    {
        int place = _placeOf[handle], last = --Count, moved = _handleAt[last];
        (_flows[place], _placeOf[moved], _handleAt[place], _handleAt[last]) = (_flows[last], place, moved, handle);
    }

    public readonly record struct Flow(long Opened, int Server);
}

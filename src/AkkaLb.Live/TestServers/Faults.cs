using AkkaLb.Domain.Randomness;

namespace AkkaLb.Live.TestServers;

/// <summary>What goes wrong on a server, by draws that depend on the seed and on how many requests came before.</summary>
internal sealed class Faults(ulong seed, int server)
{
    private readonly Lock _lock = new();
    private readonly RandomStream _random = new(seed, $"faults/{server}");
    private double _errors, _resets, _delay;

    public TimeSpan Delay => TimeSpan.FromSeconds(Volatile.Read(ref _delay));

    /// <summary>Changes what goes wrong; of other changes nothing.</summary>
    public void Apply(ServerChange change)
    {
        lock (_lock)
        {
            switch (change.Kind)
            {
                case ServerChangeKind.Delay: _delay = change.Value; break;
                case ServerChangeKind.Errors: _errors = change.Value; break;
                case ServerChangeKind.Resets: _resets = change.Value; break;
                case ServerChangeKind.Heal: (_delay, _errors, _resets) = (0, 0, 0); break;
            }
        }
    }

    /// <summary>What becomes of the next request.</summary>
    public (bool Error, bool Reset) Draw()
    {
        lock (_lock)
        {
            if (_errors == 0 && _resets == 0)
            {
                return default;
            }
            bool reset = _random.NextDouble() < _resets;
            return (!reset && _random.NextDouble() < _errors, reset);
        }
    }
}

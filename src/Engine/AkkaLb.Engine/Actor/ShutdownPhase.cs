using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace AkkaLb.Engine;

/// <summary>A phase of a coordinated shutdown.</summary>
internal sealed record ShutdownPhase(ImmutableArray<string> DependsOn, TimeSpan Timeout, bool Recover, bool Enabled)
{
    internal static ImmutableDictionary<string, ShutdownPhase> Read(Config config)
    {
        TimeSpan timeout = config.GetTimeSpan("default-phase-timeout");
        Config phases = config.GetConfig("phases") ?? Config.Empty;
        return phases.AsEnumerable().ToImmutableDictionary(entry => entry.Key, entry =>
        {
            Config phase = phases.GetConfig(entry.Key)!;
            return new ShutdownPhase(
                [.. phase.GetStringList("depends-on", [])],
                phase.GetTimeSpan("timeout", timeout, allowInfinite: false),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true));
        });
    }

    /// <summary>The names so that each comes after those it depends on; throws <see cref="ArgumentException"/> for a cycle.</summary>
    internal static List<string> Sort(ImmutableDictionary<string, ShutdownPhase> phases)
    {
        List<string> order = [];
        HashSet<string> open = [];
        HashSet<string> done = [];
        foreach (string name in phases.Keys.Order(StringComparer.Ordinal)) { Visit(name); }
        return order;

        void Visit(string name)
        {
            if (done.Contains(name)) { return; }
            if (!open.Add(name)) { throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself."); }
            if (phases.TryGetValue(name, out ShutdownPhase? phase))
            {
                foreach (string before in phase.DependsOn) { Visit(before); }
                order.Add(name);
            }
            done.Add(name);
        }
    }
}

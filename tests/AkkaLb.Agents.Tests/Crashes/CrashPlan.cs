using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaLb.Agents.Tests.Crashes;

/// <summary>Says which actor crashes at which of its messages (<see cref="CrashingMailbox"/>), and counts the messages of all.</summary>
public sealed class CrashPlan : IExtension
{
    private readonly ConcurrentDictionary<string, int> _messages = [];
    private readonly ConcurrentQueue<Crash> _planned = [];
    private int _crashes;

    /// <summary>Crashes that happened.</summary>
    public int Crashes => Volatile.Read(ref _crashes);

    /// <summary>Messages taken so far by the actors of each name, all their lives together.</summary>
    public IReadOnlyDictionary<string, int> Messages => _messages;

    public static CrashPlan Of(ActorSystem system) => system.WithExtension<CrashPlan, Provider>();

    /// <summary>From now on actors crash as planned, each crash when those before it have happened.</summary>
    public void Begin(IEnumerable<Crash> crashes)
    {
        _messages.Clear();
        _planned.Clear();
        foreach (Crash crash in crashes)
        {
            _planned.Enqueue(crash);
        }
        _crashes = 0;
    }

    /// <summary>Counts a message that an actor takes.</summary>
    /// <returns>The crash that is to happen at it; null for none.</returns>
    internal Crash? Take(string actor, int message)
    {
        _messages.AddOrUpdate(actor, 1, (_, count) => count + 1);
        if (_planned.TryPeek(out Crash? next) && next.Actor == actor && message >= next.Message && _planned.TryDequeue(out _))
        {
            Interlocked.Increment(ref _crashes);
            return next;
        }
        return null;
    }

    private sealed class Provider : ExtensionIdProvider<CrashPlan>
    {
        public override CrashPlan CreateExtension(ExtendedActorSystem system) => new();
    }
}

/// <param name="Actor">Its name.</param>
/// <param name="Message">Number of the message in the life of the actor, from 1.</param>
/// <param name="After">Whether it crashes when it has handled the message; else it crashes instead.</param>
public sealed record Crash(string Actor, int Message, bool After);

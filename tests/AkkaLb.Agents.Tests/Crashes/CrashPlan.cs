using System.Collections.Concurrent;
using Akka.Actor;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Agents.Tests.Crashes;

/// <summary>Says which actor crashes at which of its messages (<see cref="CrashingMailbox"/>), and counts the messages of all.</summary>
public sealed class CrashPlan : IExtension
{
    private readonly ConcurrentDictionary<string, int> _messages = [];
    private readonly ConcurrentQueue<Crash> _planned = [];
    private int _crashes;

    /// <summary>Crashes that happened.</summary>
    public int Crashes => Volatile.Read(ref _crashes);

    public static CrashPlan Of(ActorSystem system) => system.WithExtension<CrashPlan, Provider>();

    /// <summary>From now on actors crash as planned, each crash in a life after the one before.</summary>
    public void Begin(params IEnumerable<Crash> crashes)
    {
        _planned.Clear();
        foreach (Crash crash in crashes)
        {
            _planned.Enqueue(crash);
        }
        _crashes = 0;
        _messages.Clear();
    }

    /// <summary>Crashes of actors at random messages of those that they have taken since the plan began.</summary>
    /// <param name="kind">What their names begin with.</param>
    public IReadOnlyList<Crash> Draw(string kind, int crashes, ulong seed)
    {
        RandomStream random = new(seed, $"crashes/{kind}");
        string[] actors =
            [.. _messages.Keys.Where(actor => actor.StartsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        return
        [
            .. Enumerable.Range(0, crashes).Select(_ =>
            {
                string actor = actors[random.NextInt32(actors.Length)];
                // What comes while an actor recovers is taken twice, so that no two lives have the same number of messages.
                return new Crash(actor, 1 + random.NextInt32(Math.Max(1, _messages[actor] * 3 / 4)), random.NextInt32(2) == 0);
            }),
        ];
    }

    /// <summary>Counts a message that an actor takes.</summary>
    /// <param name="message">Its number in this life of the actor.</param>
    /// <returns>The crash that is to happen at it; null for none.</returns>
    internal Crash? Take(string actor, int message)
    {
        _messages.AddOrUpdate(actor, message, (_, most) => Math.Max(most, message));
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

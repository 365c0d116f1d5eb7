using System.Collections.Immutable;
using Akka.Actor;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>The members of one attempt at a play, as its parent sees them: it begins them, and hears when one is lost.</summary>
internal sealed class PlayMembers
{
    private readonly PlayPlace _place;
    private readonly IReadOnlyList<(string Name, IMemberPlan Plan)> _members;
    private readonly HashSet<string> _awaited;
    private readonly IReadOnlyDictionary<ParcelKey, byte[]> _policies;
    private readonly HashSet<Address> _nodes = [];

    /// <param name="play">The parent, which calls.</param>
    /// <param name="policies">What members decide by; null: nothing that is learnt.</param>
    public PlayMembers(
        PlayPlace place, IReadOnlyList<(string Name, IMemberPlan Plan)> members, IActorRef play,
        IReadOnlyDictionary<ParcelKey, byte[]>? policies = null)
    {
        (_place, _members, _awaited) = (place, members, [.. members.Select(member => member.Name)]);
        _policies = policies ?? ImmutableDictionary<ParcelKey, byte[]>.Empty;
        Addresses = new MemberAddresses(place.Run, place.NextAttempt(), place.Region, play);
    }

    public MemberAddresses Addresses { get; }

    /// <summary>Members begin; the parent is told <see cref="ReceiveTimeout"/> when nothing happens any more.</summary>
    public void Begin(IActorContext play)
    {
        foreach ((string name, IMemberPlan plan) in _members)
        {
            Addresses.Tell(name, new BeginMember(plan), play.Self);
        }
        play.SetReceiveTimeout(_place.Patience);
    }

    /// <summary>Counts a member that has begun, and watches it.</summary>
    /// <returns>Whether all are there now.</returns>
    public bool Count(MemberBegun begun, IActorContext play)
    {
        if (!_awaited.Remove(begun.Member))
        {
            return false;
        }
        play.Watch(play.Sender);
        _nodes.Add(play.Sender.Path.Address);
        if (_awaited.Count > 0)
        {
            return false;
        }
        _place.Counts.Place(_nodes.Count, 0, isFirst: true);
        return true;
    }

    /// <summary>Sends a policy to a node whose members wait for it.</summary>
    public void Send(ParcelKey policy, IActorContext play)
    {
        if (!_policies.TryGetValue(policy, out byte[]? bytes))
        {
            return;
        }
        foreach (Parcel parcel in Parcel.Split(policy, bytes))
        {
            play.Sender.Tell(parcel, play.Self);
        }
    }

    public void End(IActorContext play)
    {
        play.SetReceiveTimeout(null);
        foreach ((string name, _) in _members)
        {
            Addresses.Tell(name, EndMember.Instance, play.Self);
        }
    }
}

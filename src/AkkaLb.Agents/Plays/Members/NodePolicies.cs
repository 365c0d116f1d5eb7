using Akka.Actor;
using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Plays.Members;

/// <summary>Send the policy in parcels; asked of a play's parent by a node that hosts members which decide by it.</summary>
public sealed record SendPolicy(ParcelKey Policy) : IMessage;

/// <summary>Asked of <see cref="NodePolicies"/>, which answers with the bytes when they are there.</summary>
/// <param name="Play">Has it.</param>
public sealed record GetPolicy(string Run, ParcelKey Policy, IActorRef Play) : INoSerializationVerificationNeeded;

/// <summary>One on every node that hosts members of plays: fetches each version of a policy once, for all that decide by it.</summary>
public sealed class NodePolicies : ReceiveActor
{
    /// <summary>The name under which every node has one.</summary>
    public const string Name = "policies";

    private readonly long _most;

    private readonly Dictionary<(string Run, string Policy), Held> _held = [];
    private readonly ParcelBox _parcels = new();
    private long _asked;

    /// <param name="most">
    /// Bytes that are held at most, but for the last policy: of runs that have ended nothing is heard, so what was asked for longest ago is
    /// forgotten.
    /// </param>
    public NodePolicies(long most)
    {
        _most = most;
        Receive<GetPolicy>(OnGet);
        Receive<Parcel>(parcel =>
        {
            if (_parcels.Take(parcel) is not { } bytes)
            {
                return;
            }
            foreach (Held held in _held.Values.Where(held => held.Key == parcel.Key && held.Bytes is null))
            {
                held.Bytes = bytes;
                held.Waiting.ForEach(waiting => waiting.Tell(bytes));
                held.Waiting.Clear();
            }
            Forget();
        });
    }

    public static Props Props(long most = 256 << 20) => Akka.Actor.Props.Create(() => new NodePolicies(most));

    private void OnGet(GetPolicy get)
    {
        (string, string) name = (get.Run, get.Policy.Name);
        if (!_held.TryGetValue(name, out Held? held) || held.Key != get.Policy)
        {
            _held[name] = held = new Held(get.Policy);
        }
        held.Asked = ++_asked;
        if (held.Bytes is not null)
        {
            Sender.Tell(held.Bytes);
            return;
        }
        held.Waiting.Add(Sender);
        // A play that is begun again asks again: parcels of the one before may have been lost.
        if (!get.Play.Equals(held.From))
        {
            held.From = get.Play;
            get.Play.Tell(new SendPolicy(get.Policy));
        }
    }

    private void Forget()
    {
        long bytes = _held.Values.Sum(held => held.Bytes?.LongLength ?? 0);
        foreach (((string, string) name, Held held) in _held
            .Where(pair => pair.Value.Bytes is not null).OrderBy(pair => pair.Value.Asked).SkipLast(1).ToArray())
        {
            if (bytes <= _most)
            {
                return;
            }
            bytes -= held.Bytes!.LongLength;
            _held.Remove(name);
        }
    }

    private sealed class Held(ParcelKey key)
    {
        public ParcelKey Key => key;

        public byte[]? Bytes { get; set; }

        public List<IActorRef> Waiting { get; } = [];

        public IActorRef? From { get; set; }

        public long Asked { get; set; }
    }
}

using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Tests.Actor;

/// <summary>Random histories: what must hold whatever the threads do.</summary>
public sealed class MailboxPropertyTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    private sealed class Collector : ReceiveActor
    {
        private readonly List<Numbered> _seen = [];
        private int _inside;
        private int _expected;
        private IActorRef? _asker;

        public Collector(bool asynchronously)
        {
            if (asynchronously)
            {
                ReceiveAsync<Numbered>(async m =>
                {
                    Enter();
                    if (m.Number % 3 == 0) { await Task.Yield(); }
                    if (m.Number % 7 == 0) { await Task.Run(static () => { }); }
                    Leave(m);
                });
            }
            else
            {
                Receive<Numbered>(m =>
                {
                    Enter();
                    Leave(m);
                });
            }
            Receive<int>(expected =>
            {
                _expected = expected;
                _asker = Sender;
                Answer();
            });
        }

        private void Enter() => _inside++.ShouldBe(0);

        private void Leave(Numbered message)
        {
            _seen.Add(message);
            (--_inside).ShouldBe(0);
            Answer();
        }

        private void Answer()
        {
            if (_asker is not null && _seen.Count == _expected) { _asker.Tell(_seen.ToArray()); }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tell_ManySenders_OneAtATimeAndInOrderOfEach(bool asynchronously) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25),
        Prop.ForAll(Gen.Choose(0, 400).ListOf(4).ToArbitrary(), counts =>
        {
            IActorRef collector = Sys.ActorOf(Props.Create(() => new Collector(asynchronously)));
            Task<Numbered[]> seen = collector.Ask<Numbered[]>(counts.Sum(), PuppetExtensions.Patience);
            Task[] senders = counts.Select((count, sender) => Task.Run(() =>
            {
                for (int i = 0; i < count; i++) { collector.Tell(new Numbered(sender, i), ActorRefs.NoSender); }
            })).ToArray();
            Task.WaitAll(senders);
            ILookup<int, int> bySender = seen.Result.ToLookup(m => m.Sender, m => m.Number);
            Sys.Stop(collector);
            return counts.Select((count, sender) => bySender[sender].SequenceEqual(Enumerable.Range(0, count))).All(same => same);
        }));

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef next) => ReceiveAny(next.Forward);
    }

    [Fact]
    public void Forward_ThroughAChain_KeepsTheOrder() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20),
        Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(0, 500).ToArbitrary(), (length, count) =>
        {
            IActorRef collector = Sys.ActorOf(Props.Create(() => new Collector(false)));
            IActorRef first = collector;
            for (int i = 0; i < length; i++)
            {
                IActorRef next = first;
                first = Sys.ActorOf(Props.Create(() => new Relay(next)));
            }
            Task<Numbered[]> seen = collector.Ask<Numbered[]>(count, PuppetExtensions.Patience);
            for (int i = 0; i < count; i++) { first.Tell(new Numbered(0, i)); }
            return seen.Result.Select(m => m.Number).SequenceEqual(Enumerable.Range(0, count));
        }));

    /// <summary>Stashes by a random script; must agree with a list that is moved by hand.</summary>
    private sealed class Scripted : UntypedActor, IWithUnboundedStash
    {
        private readonly List<int> _handled = [];
        private readonly HashSet<int> _stashed = [];

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case (int number, 's') when _stashed.Add(number):
                    Stash.Stash();
                    break;
                case (int number, 's' or 'h'):
                    _handled.Add(number);
                    break;
                case (int, 'u'):
                    Stash.Unstash();
                    break;
                case (int, 'a'):
                    Stash.UnstashAll();
                    break;
                case "done":
                    Sender.Tell(_handled.ToArray());
                    break;
            }
        }
    }

    private static int[] Model(IReadOnlyList<char> script)
    {
        LinkedList<(int Number, char What)> mailbox = new(script.Select((what, number) => (number, what)));
        Queue<(int Number, char What)> stash = new();
        HashSet<int> stashed = [];
        List<int> handled = [];
        while (mailbox.First is { } first)
        {
            mailbox.RemoveFirst();
            (int number, char what) = first.Value;
            switch (what)
            {
                case 's' when stashed.Add(number):
                    stash.Enqueue(first.Value);
                    break;
                case 's' or 'h':
                    handled.Add(number);
                    break;
                case 'u' when stash.Count > 0:
                    mailbox.AddFirst(stash.Dequeue());
                    break;
                case 'a':
                    foreach ((int, char) back in stash.Reverse()) { mailbox.AddFirst(back); }
                    stash.Clear();
                    break;
            }
        }
        return [.. handled];
    }

    [Fact]
    public void Stash_RandomScript_AgreesWithTheModel() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Gen.Elements('s', 'h', 'u', 'a').ListOf().ToArbitrary(), script =>
        {
            IActorRef actor = Sys.ActorOf(Props.Create(() => new Scripted()));
            for (int i = 0; i < script.Count; i++) { actor.Tell((i, script[i])); }
            int[] expected = Model([.. script]);
            // A question may not overtake what an unstash puts in front, and comes after it.
            return actor.Ask<int[]>("done", PuppetExtensions.Patience).Result.SequenceEqual(expected);
        }));
}

using System.Numerics;
using Akka.Actor;

namespace Engine.Bench;

/// <summary>Message passing as link agents do it: every round each actor sends its state to 4 neighbours and adds theirs up.</summary>
internal static class Graph
{
    private const int Actors = 96;
    private const int Degree = 4;
    private const int Width = 64;
    private const int Rounds = 8;
    private const int Horizons = 50;
    private const int Repeats = 10;

    private sealed record Neighbours(IActorRef[] Refs);

    private sealed record Begin(CountdownEvent Done);

    private sealed record State(int Round, float[] Values);

    private sealed class Agent : ReceiveActor
    {
        private readonly float[][] _sums = [new float[Width], new float[Width]];
        private readonly int[] _counts = new int[2];
        private readonly float[] _state = new float[Width];
        private IActorRef[] _neighbours = [];
        private CountdownEvent? _done;
        private int _round;

        public Agent()
        {
            Receive<State>(OnState);
            Receive<Neighbours>(n => _neighbours = n.Refs);
            Receive<Begin>(begin =>
            {
                _done = begin.Done;
                _round = 0;
                _state.AsSpan().Fill(1);
                Send();
                Advance();
            });
        }

        // A neighbour is one round ahead at most, so two sums are enough; it may even be ahead of this actor's beginning.
        private void OnState(State state)
        {
            int slot = state.Round & 1;
            Add(_sums[slot], state.Values);
            _counts[slot]++;
            if (_done is not null) { Advance(); }
        }

        private void Advance()
        {
            while (_done is not null && _counts[_round & 1] == Degree)
            {
                int slot = _round & 1;
                float[] sum = _sums[slot];
                for (int i = 0; i < Width; i += Vector<float>.Count) { (new Vector<float>(sum, i) * (1f / Degree)).CopyTo(_state, i); }
                Array.Clear(sum);
                _counts[slot] = 0;
                if (++_round == Rounds * Horizons * Repeats)
                {
                    CountdownEvent done = _done;
                    _done = null;
                    done.Signal();
                }
                else
                {
                    Send();
                }
            }
        }

        private void Send()
        {
            foreach (IActorRef neighbour in _neighbours) { neighbour.Tell(new State(_round, _state.AsSpan().ToArray()), Self); }
        }

        private static void Add(float[] sum, float[] values)
        {
            for (int i = 0; i < Width; i += Vector<float>.Count)
            {
                (new Vector<float>(sum, i) + new Vector<float>(values, i)).CopyTo(sum, i);
            }
        }
    }

    internal static async Task Run()
    {
        using ActorSystem system = ActorSystem.Create("graph");
        IActorRef[] agents = Enumerable.Range(0, Actors).Select(_ => system.ActorOf(Props.Create(() => new Agent()))).ToArray();
        int[] offsets = [1, 7, 19, 42];
        for (int i = 0; i < Actors; i++)
        {
            agents[i].Tell(new Neighbours(offsets.Select(o => agents[(i + o) % Actors]).ToArray()));
        }
        Sample sample = await Measure.Median(7, () => Round(agents));
        long messages = (long)Actors * Degree * Rounds * Horizons * Repeats;
        // The payload is the array of 64 floats: 16 bytes of header, 8 of length, 256 of content.
        const int Payload = 24 + (Width * sizeof(float));
        Measure.Row(
            "graph, 96 actors, 64 floats",
            $"{messages / sample.Seconds / 1e6:0.00} M msg/s",
            ">= 10 M msg/s",
            $"{((double)sample.Bytes / messages) - Payload:0.0}+{Payload}",
            sample.ProcessorSeconds / sample.Seconds);
        await system.Terminate();
    }

    private static Task Round(IActorRef[] agents) => Task.Factory.StartNew(
        () =>
        {
            using CountdownEvent done = new(Actors);
            Begin begin = new(done);
            foreach (IActorRef agent in agents) { agent.Tell(begin); }
            done.Wait();
        },
        TaskCreationOptions.LongRunning);
}

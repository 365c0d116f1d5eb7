using Akka.Actor;

namespace Engine.Bench;

/// <summary>Two actors return every message to its sender, until each has returned a number of them.</summary>
internal static class PingPong
{
    private const int Messages = 4_000_000;

    private sealed record Start(IActorRef Other, int InFlight, int Count, TaskCompletionSource Done);

    private sealed class Ball;

    private sealed class Player : ReceiveActor
    {
        private int _left;
        private TaskCompletionSource? _done;

        public Player()
        {
            Receive<Ball>(ball =>
            {
                if (--_left > 0) { Sender.Tell(ball, Self); }
                else if (_left == 0) { _done!.TrySetResult(); }
            });
            Receive<Start>(start =>
            {
                _left = start.Count;
                _done = start.Done;
                for (int i = 0; i < start.InFlight; i++) { start.Other.Tell(new Ball(), Self); }
            });
        }
    }

    internal static async Task Run()
    {
        using ActorSystem system = ActorSystem.Create("pingpong");
        IActorRef a = system.ActorOf(Props.Create(() => new Player()));
        IActorRef b = system.ActorOf(Props.Create(() => new Player()));
        foreach (int inFlight in new[] { 1, 2, 16, 256 })
        {
            Sample sample = await Measure.Median(7, () => Round(a, b, inFlight));
            Measure.Throughput($"ping-pong, {inFlight} in flight", Messages, sample, ">= 6 M msg/s");
        }
        await system.Terminate();
    }

    private static Task Round(IActorRef a, IActorRef b, int inFlight)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        b.Tell(new Start(a, 0, int.MaxValue, done), ActorRefs.NoSender);
        a.Tell(new Start(b, inFlight, Messages / 2, done), ActorRefs.NoSender);
        return done.Task;
    }
}

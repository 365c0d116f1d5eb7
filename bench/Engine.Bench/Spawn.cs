using Akka.Actor;

namespace Engine.Bench;

/// <summary>One parent makes many children; the clock stops when all have started.</summary>
internal static class Spawn
{
    private const int Count = 100_000;

    private static int _left;
    private static TaskCompletionSource _started = new();

    private static void Started()
    {
        if (Interlocked.Decrement(ref _left) == 0) { _started.TrySetResult(); }
    }

    private sealed class Untyped : UntypedActor
    {
        protected override void PreStart() => Started();

        protected override void OnReceive(object message) { }
    }

    private sealed class Declared : ReceiveActor
    {
        public Declared() => Receive<string>(_ => { });

        protected override void PreStart() => Started();
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent() => Receive<Props>(child =>
        {
            for (int i = 0; i < Count; i++) { Context.ActorOf(child); }
        });
    }

    internal static async Task Run()
    {
        await Row("spawn 100,000 UntypedActor", Props.Create(() => new Untyped()));
        await Row("spawn 100,000 ReceiveActor", Props.Create(() => new Declared()));
    }

    private static async Task Row(string name, Props child)
    {
        using ActorSystem system = ActorSystem.Create("spawn");
        List<double> bytes = [];
        IActorRef? parent = null;
        List<double> seconds = [];
        List<double> cores = [];
        for (int i = 0; i < 7; i++)
        {
            if (parent is not null) { await parent.GracefulStop(TimeSpan.FromSeconds(60)); }
            parent = system.ActorOf(Props.Create(() => new Parent()));
            await parent.Ask<ActorIdentity>(new Identify(1));
            long before = GC.GetTotalMemory(forceFullCollection: true);
            _left = Count;
            _started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Sample one = await Measure.Median(1, () => { parent.Tell(child); return _started.Task; }, warmUps: 0);
            bytes.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count);
            seconds.Add(one.Seconds);
            cores.Add(one.ProcessorSeconds / one.Seconds);
        }
        Measure.Row(name, $"{Middle(seconds):0.000} s", "<= 0.3 s, 600 B", $"{Middle(bytes):0}", Middle(cores));
        await system.Terminate();
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

using System.Diagnostics;
using Akka.Actor;

namespace Engine.Bench;

/// <summary>Asks, awaits the answer, asks again.</summary>
internal static class Questions
{
    private const int Count = 300_000;

    private sealed class Question;

    private sealed class Answer;

    private sealed class Answerer : ReceiveActor
    {
        private static readonly Answer Reply = new();

        public Answerer() => Receive<Question>(_ => Sender.Tell(Reply, Self));
    }

    internal static async Task Run()
    {
        using ActorSystem system = ActorSystem.Create("ask");
        IActorRef answerer = system.ActorOf(Props.Create(() => new Answerer()));
        double[] microseconds = new double[Count];
        Sample sample = await Measure.Median(5, () => Task.Run(() => Round(answerer, null, microseconds)));
        Print("ask, sequential", sample, microseconds);
        sample = await Measure.Median(5, () => Task.Run(() => Round(answerer, TimeSpan.FromSeconds(30), microseconds)));
        Print("ask with a time-out, sequential", sample, microseconds);
        await system.Terminate();
    }

    private static void Print(string name, Sample sample, double[] microseconds)
    {
        Array.Sort(microseconds);
        Measure.Row(
            name,
            $"p50 {microseconds[Count / 2]:0.00} p99 {microseconds[Count * 99 / 100]:0.00} us",
            "p50 <= 0.8 us",
            $"{(double)sample.Bytes / Count:0.0}",
            sample.ProcessorSeconds / sample.Seconds);
    }

    private static async Task Round(IActorRef answerer, TimeSpan? timeout, double[] microseconds)
    {
        Question question = new();
        for (int i = 0; i < Count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await answerer.Ask<Answer>(question, timeout);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }
}

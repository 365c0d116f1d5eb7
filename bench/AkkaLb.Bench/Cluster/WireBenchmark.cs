using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using AkkaLb.Agents.Network.LinkAgents;
using AkkaLb.Agents.Network.Placement;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.Network;

namespace AkkaLb.Bench.Cluster;

/// <summary>
/// What messages between two nodes cost, over Akka.Remote on loopback with our serializer: request and reply, tells of 64 floats, and the
/// same states combined in frames.
/// </summary>
internal static class WireBenchmark
{
    private static readonly LinkAgentCommands.StoreEpisodes Question = new(new LinkId(1), 3);

    private const int Requests = 100_000, Window = 1000, Alone = 4000, Tells = 200_000, StatesPerFrame = 32, Repetitions = 5, Floats = 64;

    public static int Run()
    {
        using ActorSystem near = Start("near"), far = Start("far");
        IActorRef echo = far.ActorOf(Props.Create(() => new Echo()), "echo");
        Address address = ((ExtendedActorSystem)far).Provider.DefaultAddress;
        IActorRef remote = near.ActorSelection(new RootActorPath(address) / "user" / "echo").ResolveOne(TimeSpan.FromSeconds(10)).Result;
        float[] state = new float[Floats];
        LinkAgentCommands.ReceiveHiddenState tell = new(new LinkId(1), new LinkId(2), 3, 1, state);
        IMessage[] states = [.. Enumerable.Range(0, StatesPerFrame).Select(link => new SharedHiddenState(new LinkId(link), 3, 1, state))];

        Console.WriteLine("each the median of " + Repetitions + ", lowest and highest");
        Report("request and reply, window 1,000", "1/s", () => Measure(near, remote, Requests, Window));
        Report("request and reply, window 1", "ms each", () => 1000 / Measure(near, remote, Alone, 1));
        Report("tells of 64 floats", "1/s", () => MeasureTells(near, remote, () => tell, Tells, 1));
        Report("states of 64 floats, 32 in a frame", "1/s", () => MeasureTells(near, remote, () => Combine(states), Tells, StatesPerFrame));
        near.Terminate().Wait();
        far.Terminate().Wait();
        return 0;
    }

    private static Frame Combine(IMessage[] states)
    {
        FrameWriter writer = new();
        foreach (IMessage state in states)
        {
            writer.Add(state);
        }
        return Frame.Split("run", 1, 1, 1, writer.Take()).Single();
    }

    private static double Measure(ActorSystem system, IActorRef remote, int count, int window)
    {
        TaskCompletionSource done = new();
        IActorRef client = system.ActorOf(Props.Create(() => new Client(remote, Question, count, window, done)));
        long begun = Stopwatch.GetTimestamp();
        client.Tell("begin");
        done.Task.Wait();
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Tells in windows, each of which ends with a request, so that no buffer grows without end.</summary>
    private static double MeasureTells(ActorSystem system, IActorRef remote, Func<object> message, int states, int statesPerMessage)
    {
        long begun = Stopwatch.GetTimestamp();
        int messages = states / statesPerMessage;
        for (int sent = 0; sent < messages; sent += Window)
        {
            for (int i = 0; i < Math.Min(Window, messages - sent); i++)
            {
                remote.Tell(message(), ActorRefs.NoSender);
            }
            remote.Ask<object>(Question, TimeSpan.FromSeconds(60)).Wait();
        }
        return states / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static void Report(string what, string unit, Func<double> measure)
    {
        measure();
        double[] measured = [.. Enumerable.Range(0, Repetitions).Select(_ => measure()).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-40} {measured[Repetitions / 2],12:N2} {unit} ({measured[0]:N2} to {measured[^1]:N2})"));
    }

    private static ActorSystem Start(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, maximum-frame-size = 256000b }
          actor.serializers.akkalb-wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
          actor.serialization-bindings { "{{typeof(IMessage).AssemblyQualifiedName}}" = akkalb-wire }
          actor.serialization-identifiers { "{{typeof(WireSerializer).AssemblyQualifiedName}}" = {{WireSerializer.Id}} }
        }
        """));

    /// <summary>Answers a request; reads frames as a relay does.</summary>
    private sealed class Echo : ReceiveActor
    {
        private readonly FrameReader _reader = new();
        private long _heard;

        public Echo()
        {
            Receive<LinkAgentCommands.StoreEpisodes>(
                request => Sender.Tell(new LinkAgentEvents.EpisodesStored(request.Link, request.Round, null)));
            Receive<LinkAgentCommands.ReceiveHiddenState>(_ => _heard++);
            Receive<Frame>(frame => _heard += _reader.Take(Sender, frame).Count);
        }
    }

    private sealed class Client : ReceiveActor
    {
        public Client(IActorRef remote, object message, int count, int window, TaskCompletionSource done)
        {
            int sent = 0, answered = 0;
            Receive<string>(_ =>
            {
                for (; sent < window; sent++)
                {
                    remote.Tell(message);
                }
            });
            Receive<LinkAgentEvents.EpisodesStored>(_ =>
            {
                if (++answered == count)
                {
                    done.SetResult();
                    Context.Stop(Self);
                }
                else if (sent < count)
                {
                    sent++;
                    remote.Tell(message);
                }
            });
        }
    }
}

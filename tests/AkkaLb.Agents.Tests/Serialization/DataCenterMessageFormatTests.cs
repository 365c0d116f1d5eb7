using AkkaLb.Agents.DataCenter;
using AkkaLb.Agents.DataCenter.DataCenters;
using AkkaLb.Agents.DataCenter.LoadBalancers;
using AkkaLb.Agents.DataCenter.Servers;
using AkkaLb.Agents.DataCenter.Traffic;
using AkkaLb.Agents.Plays.Members;
using AkkaLb.Agents.Serialization;
using AkkaLb.Domain.DataCenter;
using AkkaLb.Domain.DataCenter.Guards;
using AkkaLb.Domain.DataCenter.Policies;
using AkkaLb.Domain.DataCenter.Servers;
using AkkaLb.Domain.DataCenter.Simulation;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Domain.Randomness;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Replay;
using FsCheck.Xunit;

namespace AkkaLb.Agents.Tests.Serialization;

public sealed class DataCenterMessageFormatTests() : MessageFormatTest("AkkaLb.Agents.DataCenter.")
{
    private static readonly Job Sample = SampleJob();

    public static TheoryData<object, string, string> Golden => new()
    {
        { new ServerPlan(new(2), new ServerOptions(4) { JobsPerWorker = 2, Speed = 0.5 }, true), "server.plan/1",
            "02040240000000000000e03f01" },
        {
            new LoadBalancerPlan(new(1), "sed", 7, 3, "sed.3"), "load-balancer.plan/2",
            "010373656407000000000000000300000000000000057365642e3300"
        },
        {
            new LoadBalancerPlan(new(1), "sed", 7, 3, "sed.3", new BalancerControl(null, null)), "load-balancer.plan/2",
            "010373656407000000000000000300000000000000057365642e330100"
        },
        {
            new LoadBalancerPlan(
                new(1), "sed", 7, 3, "sed.3",
                new BalancerControl(new BalancerStart(1, 0, 300, ActionMode.Sample, true), new ParcelKey("policy-1", "abc"))),
            "load-balancer.plan/2",
            "010373656407000000000000000300000000000000057365642e3301010100ac02010108706f6c6963792d3103616263"
        },
        { new LoadBalancerCommands.Start(new(1)), "load-balancer.start/1", "01" },
        { new LoadBalancerCommands.SetAvailable(new(1), [true, false]), "load-balancer.set-available/1", "01020100" },
        {
            new LoadBalancerCommands.OpenConnection(new(1), 300, Sample), "load-balancer.open-connection/1",
            "01ac0207c801ac029003f403d8040b0c0d0eefbeadde010203040101010103e807d00fb81700"
        },
        {
            new LoadBalancerCommands.OpenConnection(new(1), 300, Sample) { Truth = [new ServerTruth(2, 0.5, 4, 2, true, new(1, 20, 30))] },
            "load-balancer.open-connection/1",
            "01ac0207c801ac029003f403d8040b0c0d0eefbeadde010203040101010103e807d00fb817010102000000000000e03f0400000000000000400101141e"
        },
        {
            new LoadBalancerCommands.CloseConnection(new(1), 300, Sample), "load-balancer.close-connection/1",
            "01ac0207c801ac029003f403d8040b0c0d0eefbeadde010203040101010103e807d00fb817"
        },
        { new LoadBalancerCommands.SendProbes(new(1), 300), "load-balancer.send-probes/1", "01ac02" },
        {
            new LoadBalancerCommands.TakeReply(new(1), 300, new(2), new(3, 4, 0.5, 0.25)), "load-balancer.take-reply/1",
            "01ac02020304000000000000e03f000000000000d03f"
        },
        { new LoadBalancerCommands.GiveUpProbe(new(1), 300, new(2), 200), "load-balancer.give-up-probe/1", "01ac0202c801" },
        { new LoadBalancerCommands.Watch(new(1), [true, false]), "load-balancer.watch/1", "01020100" },
        { new LoadBalancerCommands.SendChecks(new(1), 300), "load-balancer.send-checks/1", "01ac02" },
        { new LoadBalancerCommands.TakeCheck(new(1), 300, new(2), true), "load-balancer.take-check/1", "01ac020201" },
        { new ServerCommands.AnswerCheck(new(2), 300, new(1), 10, 400), "server.answer-check/1", "02ac02010a9003" },
        {
            new LoadBalancerEvents.FailuresReported(
                new(1), new FailureReport(300, 2, 3, 4, 5, [new ServerStateChange(300, 2, ServerState.TakenBack)])),
            "load-balancer.failures-reported/1", "01ac020203040501ac020203"
        },
        {
            new LoadBalancerCommands.CloseConnection(new(1), 300, Sample with { Returned = true, Retries = 2 }),
            "load-balancer.close-connection/1", "01ac0207c801ac029003f403d8040b0c0d0eefbeadde010203040101010b03e807d00fb817"
        },
        {
            new TrafficCommands.Answer(300, new JobRecord(200, 400, 2, 1, true) { Lost = true }), "traffic.answer/1",
            "ac02c8019003020103"
        },
        { new LoadBalancerCommands.Observe(new(1), 300, 5), "load-balancer.observe/1", "01ac0205" },
        { new LoadBalancerCommands.Decide(new(1)), "load-balancer.decide/1", "01" },
        { new LoadBalancerCommands.EndEpisode(new(1), true), "load-balancer.end-episode/1", "0101" },
        { new LoadBalancerCommands.SetWeights(new(1), [0.5f, 2]), "load-balancer.set-weights/1", "01020000003f00000040" },
        {
            new LoadBalancerEvents.Observed(new(1), 5, 0.5, [0.5f, 2], [true, false]), "load-balancer.observed/1",
            "0105000000000000e03f020000003f00000040020100"
        },
        { new LoadBalancerEvents.EpisodeStored(new(1), null), "load-balancer.episode-stored/2", "0100" },
        {
            new LoadBalancerEvents.EpisodeStored(new(1), new EpisodePart([0.5f, 2], [1], [0.25f], 300)), "load-balancer.episode-stored/2",
            "0101020000003f00000040010000803f010000803eac0200"
        },
        {
            new LoadBalancerEvents.EpisodeStored(
                new(1), new EpisodePart([0.5f, 2], [1], [0.25f], 300) { Team = new TeamLoads([0.5f], [true]) }),
            "load-balancer.episode-stored/2", "0101020000003f00000040010000803f010000803eac0201010000003f0101"
        },
        {
            new ServerCommands.TakeJob(new(2), 300, Sample), "server.take-job/1",
            "02ac0207c801ac029003f403d8040b0c0d0eefbeadde010203040101010103e807d00fb817"
        },
        { new ServerCommands.WorkOff(new(2), 300), "server.work-off/1", "02ac02" },
        { new ServerCommands.AnswerProbe(new(2), 300, new(1), 10, 200, 400), "server.answer-probe/1", "02ac02010ac8019003" },
        {
            new ServerCommands.Change(new(2), 300, new CapacityChange(300, new(2), CapacityChangeKind.Speed, 0.5)), "server.change/1",
            "02ac02ac020200000000000000e03f"
        },
        { new ServerCommands.ReportLoad(new(2), 300), "server.report-load/1", "02ac02" },
        {
            new ServerEvents.LoadReported(new(2), 3, 4, 0.5, 0.25, 2, true), "server.load-reported/1",
            "020304000000000000e03f000000000000d03f000000000000004001"
        },
        { TrafficCommands.StartTraffic.Instance, "traffic.start/1", "" },
        { new TrafficCommands.SendJob(300), "traffic.send-job/1", "ac02" },
        { new TrafficCommands.Answer(7, new JobRecord(200, 300, 2, 1, false)), "traffic.answer/1", "07c801ac02020100" },
        { new TrafficCommands.ReportJobs(300), "traffic.report-jobs/1", "ac02" },
        {
            new TrafficEvents.JobsReported([new(200, 300, 2, 1, false), new(250, -1, -1, 0, true)]), "traffic.jobs-reported/1",
            "02c801ac02020100fa01ffffffffffffffffff01ffffffff0f0001"
        },
        {
            new DataCenterEvents.EventHandled([new ServerCommands.WorkOff(new(2), 300), new TrafficCommands.SendJob(300)], 1, 2),
            "data-centre.event-handled/1", "02117365727665722e776f726b2d6f66662f3102ac0212747261666669632e73656e642d6a6f622f31ac020102"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Message_EveryType_HasItsGoldenBytes(object message, string manifest, string bytes) =>
        HasGoldenBytes(message, manifest, bytes);

    [Fact]
    public void Messages_OfTheFamily_AllHaveBytesAndTheSerializer() =>
        AreAllThere(Golden.Select(row => row[0]).DistinctBy(message => message.GetType()));

    [Fact]
    public void EventHandled_WithAnUnknownMessage_IsRefused()
    {
        byte[] bytes = WireFormat.Formats.Write(new DataCenterEvents.EventHandled([new TrafficCommands.SendJob(300)]));
        bytes[2] = (byte)'T';
        Should.Throw<InvalidDataException>(() => WireFormat.Formats.Read(bytes, "data-centre.event-handled/1"))
            .InnerException!.Message.ShouldBe("'Traffic.send-job/1' is no ITimedMessage");
    }

    [Fact]
    public void Message_OfAnEarlierVersion_IsRead()
    {
        Structure.Of(WireFormat.Formats.Read(
            Convert.FromHexString("010373656407000000000000000300000000000000057365642e33"), "load-balancer.plan/1"))
            .ShouldBe(Structure.Of(new LoadBalancerPlan(new(1), "sed", 7, 3, "sed.3")));
        Structure.Of(WireFormat.Formats.Read(
            Convert.FromHexString("0101020000003f00000040010000803f010000803eac02"), "load-balancer.episode-stored/1"))
            .ShouldBe(Structure.Of(new LoadBalancerEvents.EpisodeStored(new(1), new EpisodePart([0.5f, 2], [1], [0.25f], 300))));
    }

    [Property(MaxTest = 100)]
    public void Message_WithAnyContent_ComesBack(int seed)
    {
        RandomStream random = new((ulong)seed, "messages/datacenter");
        LoadBalancerId balancer = new(random.NextInt32(1 << 20));
        ServerId server = new(random.NextInt32(1 << 20));
        ITimedMessage[] timed =
        [
            new TrafficCommands.SendJob(Number()),
            new LoadBalancerCommands.OpenConnection(balancer, Number(), AnyJob()) { Truth = Flag() ? null : [.. Some(Truth)] },
            new LoadBalancerCommands.CloseConnection(balancer, Number(), AnyJob()),
            new LoadBalancerCommands.SendProbes(balancer, Number()),
            new LoadBalancerCommands.TakeReply(balancer, Number(), server, new(Small(), Small(), Real(), Real())),
            new LoadBalancerCommands.GiveUpProbe(balancer, Number(), server, Number()),
            new ServerCommands.TakeJob(server, Number(), AnyJob()),
            new ServerCommands.WorkOff(server, Number()),
            new ServerCommands.AnswerProbe(server, Number(), balancer, Number(), Number(), Number()),
            new ServerCommands.Change(
                server, Number(), new CapacityChange(Number(), server, (CapacityChangeKind)random.NextInt32(5), Real())),
        ];
        ComeBack(
            [
                .. timed,
                new DataCenterEvents.EventHandled([.. timed.Where(_ => Flag())], Small(), Small()),
                new LoadBalancerCommands.Start(balancer),
                new LoadBalancerCommands.SetAvailable(balancer, [.. Some(Flag)]),
                new LoadBalancerCommands.Observe(balancer, Number(), Small()),
                new LoadBalancerCommands.Decide(balancer),
                new LoadBalancerCommands.EndEpisode(balancer, Flag()),
                new LoadBalancerEvents.EpisodeStored(balancer, Flag() ? null : Part()),
                new LoadBalancerCommands.SetWeights(balancer, [.. Some(Single)]),
                new LoadBalancerEvents.Observed(balancer, Small(), Real(), [.. Some(Single)], [.. Some(Flag)]),
                new ServerCommands.ReportLoad(server, Number()),
                new ServerEvents.LoadReported(server, Small(), Small(), Real(), Real(), Real(), Flag()),
                new TrafficCommands.Answer(Number(), Record()),
                new TrafficCommands.ReportJobs(Number()),
                new TrafficEvents.JobsReported([.. Some(Record)]),
            ],
            random);

        long Number() => (long)(random.NextUInt64() >> (1 + random.NextInt32(63)));

        int Small() => random.NextInt32(1000);

        bool Flag() => random.NextInt32(2) == 0;

        double Real() => BitConverter.UInt64BitsToDouble(random.NextUInt64());

        float Single() => BitConverter.UInt32BitsToSingle(random.NextUInt32());

        EpisodePart Part() => new([.. Some(Single)], [.. Some(Single)], [.. Some(Single)], Number())
        {
            Team = Flag() ? null : new TeamLoads([.. Some(Single)], [.. Some(Flag)]),
        };

        JobRecord Record() => new(Number(), Flag() ? -1 : Number(), Flag() ? -1 : Small(), (byte)random.NextInt32(256), Flag());

        ServerTruth Truth() => new(Small(), Real(), Small(), Real(), Flag(), new WorkOnWay(Small(), Number(), Number()));

        IEnumerable<T> Some<T>(Func<T> draw) => Enumerable.Range(0, random.NextInt32(6)).Select(_ => draw()).ToArray();

        Job AnyJob()
        {
            Job job = new()
            {
                Number = Number(), Created = Number(), Opened = Number(), Started = Number(),
                LaterProcessor = Number(), LaterDisk = Number(),
                ToLoadBalancer = Small(), ToServer = Small(), ToClient = Small(), ToClose = Small(), Hash = random.NextUInt32(),
                LoadBalancer = Small(), Server = Small() - 1, Flow = Small(), Found = Small(),
                Class = (byte)random.NextInt32(256), Stage = (byte)random.NextInt32(8), Stages = (byte)random.NextInt32(Job.MostStages + 1),
                Rejected = Flag(), TimedOut = Flag(),
            };
            for (int s = 0; s < job.Stages; s++)
            {
                job.Work[s] = Number();
            }
            return job;
        }
    }

    private static Job SampleJob()
    {
        Job job = new()
        {
            Number = 7, Created = 200, Opened = 300, Started = 400, LaterProcessor = 500, LaterDisk = 600,
            ToLoadBalancer = 11, ToServer = 12, ToClient = 13, ToClose = 14, Hash = 0xdeadbeef,
            LoadBalancer = 1, Server = 2, Flow = 3, Found = 4, Class = 1, Stage = 1, Stages = 3, Rejected = true, TimedOut = true,
        };
        (job.Work[0], job.Work[1], job.Work[2]) = (1000, 2000, 3000);
        return job;
    }
}

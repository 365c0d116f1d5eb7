using System.Collections;
using Akka.Actor;
using Akka.TestKit;

namespace Engine.Tests.TestKit;

public class ReceiveTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private void TellAll(params object[] messages) => Array.ForEach(messages, message => TestActor.Tell(message));

    [Fact]
    public void ReceiveOne_ZeroTime_DoesNotWait()
    {
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
        TellAll("a");
        ReceiveOne(TimeSpan.Zero).ShouldBe("a");
    }

    [Fact]
    public async Task ReceiveOneAsync_MessageWhileWaiting_GetsIt()
    {
        ValueTask<object?> received = ReceiveOneAsync(Timeout.InfiniteTimeSpan);
        received.IsCompleted.ShouldBeFalse();
        TellAll("a");

        (await received).ShouldBe("a");
    }

    [Fact]
    public void ReceiveOne_MessageFromAnotherThreadWhileBlocking_GetsIt()
    {
        using ManualResetEventSlim started = new();
        Task sender = Task.Run(() =>
        {
            started.Wait();
            TestActor.Tell("a", ActorRefs.NoSender);
        });
        started.Set();

        ReceiveOne(Timeout.InfiniteTimeSpan).ShouldBe("a");
        sender.IsFaulted.ShouldBeFalse();
    }

    [Fact]
    public void TryReceiveOne_TellsWhetherOneCame()
    {
        TryReceiveOne(out MessageEnvelope none, TimeSpan.Zero).ShouldBeFalse();
        none.Message.ShouldBeNull();
        TellAll("a");
        TryReceiveOne(out MessageEnvelope one, TimeSpan.Zero).ShouldBeTrue();
        one.Message.ShouldBe("a");
        one.Sender.ShouldBe(TestActor);
    }

    [Fact]
    public void PeekOne_LeavesTheMessage()
    {
        TellAll("a");

        PeekOne(TimeSpan.Zero).ShouldBe("a");
        HasMessages.ShouldBeTrue();
        ExpectMsg("a");
    }

    [Fact]
    public void ReceiveN_Enough_GivesThemInOrder()
    {
        TellAll(1, 2, 3);

        ReceiveN(2).ShouldBe([1, 2]);
        ExpectMsg(3);
    }

    [Fact]
    public void ReceiveN_TooFew_SaysHowMany()
    {
        TellAll(1);

        ExpectTests.Failure(() => ReceiveN(3, Short)).ShouldBe("received 1 of 3 messages within 20 ms");
    }

    [Fact]
    public void ReceiveWhile_Filter_StopsBeforeTheFirstUnwanted()
    {
        TellAll("a", "b", 3, "c");

        ReceiveWhile(Short, message => message as string).ShouldBe(["a", "b"]);
        LastMessage.ShouldBe("b");
        ExpectMsg(3);
        ExpectMsg("c");
    }

    [Fact]
    public void ReceiveWhile_Predicate_DropsOtherTypesUnlessTold()
    {
        TellAll(1, "x", 2, 9, "y", 3);

        ReceiveWhile<int>(n => n < 9, Short).ShouldBe([1, 2]);
        ExpectMsg(9);
        ReceiveWhile<int>(n => n < 9, Short, shouldIgnoreOtherMessageTypes: false).ShouldBeEmpty();
        ExpectMsg("y");
    }

    [Fact]
    public async Task ReceiveWhileAsync_AtMostSomeMessages_LeavesTheRest()
    {
        TellAll(1, 2, 3);
        List<int> received = [];

        await foreach (int n in ReceiveWhileAsync<int>(_ => true, msgs: 2))
        {
            received.Add(n);
        }

        received.ShouldBe([1, 2]);
        ExpectMsg(3);
    }

    [Fact]
    public void FishForMessage_DropsUntilItBites()
    {
        ArrayList others = [];
        TellAll("a", 1, "b", 2);

        FishForMessage<int>(n => n == 2, others).ShouldBe(2);
        others.ToArray().ShouldBe(["a", 1, "b"]);
    }

    [Fact]
    public async Task FishForMessageAsync_NothingBites_SaysHowManyWereDropped()
    {
        TellAll("a", "b");

        (await Should.ThrowAsync<Xunit.Sdk.XunitException>(async () => await FishForMessageAsync<int>(_ => true, Short, "a number"))).Message
            .ShouldBe("fished for 20 ms for a message of type System.Int32, and dropped 2 others (a number)");
    }

    [Fact]
    public async Task FishUntilMessageAsync_StopsAfterTheMessage()
    {
        TellAll("a", 1, "b");

        await FishUntilMessageAsync<int>();

        ExpectMsg("b");
    }

    [Fact]
    public void IgnoreMessages_DropsThemUntilTakenBack()
    {
        IgnoreMessages<int>(n => n > 1);
        TellAll(1, 2, "a");
        ExpectMsg(1);
        ExpectMsg("a");

        IgnoreNoMessages();
        TellAll(2);
        ExpectMsg(2);
    }

    [Fact]
    public void AutoPilot_AnswersUntilItEnds()
    {
        TestProbe probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"{message}!");
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (string message in (string[])["first", "last", "late"])
        {
            probe.Ref.Tell(message);
        }

        ExpectMsg("first!");
        ExpectMsg("last!");
        probe.ExpectMsg("first");
        probe.ExpectMsg("last");
        probe.ExpectMsg("late");
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Probe_SendsRepliesAndForwards()
    {
        TestProbe probe = CreateTestProbe("prober");
        TestProbe target = CreateTestProbe();
        probe.Ref.Tell("question");

        probe.ExpectMsg("question");
        probe.Sender.ShouldBe(TestActor);
        probe.Reply("answer");
        ExpectMsg("answer");
        LastSender.ShouldBe(probe);
        probe.Forward(target);
        target.ExpectMsgFrom(TestActor, "question");
        probe.Ref.Path.Name.ShouldBe("prober");
    }

    [Fact]
    public void Probe_IsAReference()
    {
        TestProbe probe = CreateTestProbe();
        IActorRef reference = probe;
        reference.Tell("a");

        probe.ExpectMsg("a");
        reference.Equals(probe.Ref).ShouldBeTrue();
        probe.Ref.Equals(reference).ShouldBeTrue();
        new HashSet<IActorRef> { probe.Ref }.Contains(probe).ShouldBeTrue();
        Watch(probe);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe);
    }
}

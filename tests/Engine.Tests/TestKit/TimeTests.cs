using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Engine.Tests.TestKit;

public class TimeTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public void Within_FastBlock_GivesItsResult() => Within(Long, () => 5).ShouldBe(5);

    [Fact]
    public void Within_SlowBlock_SaysHowLongItTook() =>
        ExpectTests.Failure(() => Within(Short, () => { ReceiveOne(Short * 3); })).ShouldMatch(@"^the block took [\d.]+ m?s; expected at most 20 ms$");

    [Fact]
    public void Within_TooFastBlock_SaysHowLongItShouldHaveTaken() =>
        ExpectTests.Failure(() => Within(TimeSpan.FromSeconds(20), Long, () => { }, "delay")).ShouldMatch(@"^the block took [\d.]+ m?s; expected at least 20 s \(delay\)$");

    [Fact]
    public void Within_LimitsTheExpectationsInside() =>
        ExpectTests.Failure(() => Within(Short, () => ExpectMsg<string>())).ShouldMatch(@"but none came within [\d.]+ ms$");

    [Fact]
    public void Within_Nested_TheOuterLimits()
    {
        Within(TimeSpan.FromSeconds(30), () => Within(Long, () => Remaining.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(30))));
        ExpectTests.Failure(() => Within(Short, () => Within(Long, Long * 2, () => { }))).ShouldContain("a block of at least 60 s does not fit");
    }

    [Fact]
    public void Within_EndingInSilence_MayUseAllItsTime() => Within(Short, () => ExpectNoMsg());

    [Fact]
    public async Task WithinAsync_SlowBlock_Throws() =>
        (await Should.ThrowAsync<Xunit.Sdk.XunitException>(() => WithinAsync(Short, async () => { await ReceiveOneAsync(Short * 3); })))
            .Message.ShouldContain("expected at most 20 ms");

    [Fact]
    public async Task WithinAsync_FastBlock_GivesItsResult() => (await WithinAsync(Long, () => Task.FromResult(5))).ShouldBe(5);

    [Fact]
    public void Remaining_OutsideWithin_Throws() => Should.Throw<InvalidOperationException>(() => Remaining);

    [Fact]
    public void AwaitAssert_PassesOnceTheAssertionDoes()
    {
        int calls = 0;

        AwaitAssert(() => (++calls).ShouldBe(3), Long, TimeSpan.FromMilliseconds(1));

        calls.ShouldBe(3);
    }

    [Fact]
    public void AwaitAssert_NeverPasses_ThrowsTheLastFailure()
    {
        int calls = 0;

        Should.Throw<InvalidTimeZoneException>(() => AwaitAssert(() => throw new InvalidTimeZoneException($"{++calls}"), Short, TimeSpan.FromMilliseconds(1)))
            .Message.ShouldBe($"{calls}");
        calls.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task AwaitAssertAsync_PassesOnceTheAssertionDoes()
    {
        int calls = 0;

        await AwaitAssertAsync(() => (++calls).ShouldBe(3), Long, TimeSpan.FromMilliseconds(1));
        await AwaitAssertAsync(async () =>
        {
            await Task.Yield();
            (++calls).ShouldBe(6);
        }, Long, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void AwaitCondition_NeverHolds_SaysHowLong()
    {
        AwaitCondition(() => true);
        AwaitConditionNoThrow(() => false, Short).ShouldBeFalse();
        ExpectTests.Failure(() => AwaitCondition(() => false, Short, "light")).ShouldBe("the condition did not come to hold within 20 ms (light)");
    }

    [Fact]
    public async Task AwaitConditionAsync_HoldsLater_Passes()
    {
        int calls = 0;

        await AwaitConditionAsync(() => ++calls == 3, Long, TimeSpan.FromMilliseconds(1));
        await AwaitConditionAsync(() => Task.FromResult(++calls == 5), Long, TimeSpan.FromMilliseconds(1));
        (await AwaitConditionNoThrowAsync(() => false, Short)).ShouldBeFalse();
    }

    [Fact]
    public void Latch_OpensAtZeroAndClosesAgain()
    {
        TestLatch latch = CreateTestLatch(2);
        latch.CountDown();
        latch.IsOpen.ShouldBeFalse();
        Should.Throw<TimeoutException>(() => latch.Ready(Short)).Message.ShouldContain("1 of 2 still to count");
        latch.CountDown();
        latch.Ready();
        latch.CountDown();
        latch.Reset();
        latch.IsOpen.ShouldBeFalse();
        latch.Open();
        latch.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Barrier_LetsAllPassTogether()
    {
        TestBarrier barrier = CreateTestBarrier(2);
        Task other = Task.Run(() => barrier.Await(Long));

        barrier.Await(Long);

        await other;
        Should.Throw<TimeoutException>(() => barrier.Await(Short));
    }

    [Fact]
    public void Dilated_StretchesByTheTimeFactor()
    {
        using Akka.TestKit.Xunit2.TestKit slow = new("akka.test { timefactor = 3, single-expect-default = 7s, default-timeout = 8s, filter-leeway = 9s }");

        slow.Dilated(Short).ShouldBe(Short * 3);
        slow.TestKitSettings.SingleExpectDefault.ShouldBe(TimeSpan.FromSeconds(7));
        slow.TestKitSettings.DefaultTimeout.ShouldBe(TimeSpan.FromSeconds(8));
        slow.TestKitSettings.TestEventFilterLeeway.ShouldBe(TimeSpan.FromSeconds(9));
        slow.RemainingOrDefault.ShouldBe(TimeSpan.FromSeconds(21));
    }

    [Fact]
    public void TimeFactor_NotPositive_Throws() =>
        Should.Throw<ConfigurationException>(() => new Akka.TestKit.Xunit2.TestKit("akka.test.timefactor = 0"));
}

using AkkaLb.Live.TestServers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AkkaLb.Live.Tests.TestServers;

public class SlotGateTests
{
    [Fact]
    public async Task Enter_SlotsTaken_WaitsForThemInOrder()
    {
        SlotGate gate = new(slots: 1, backlog: 2);
        (await gate.EnterAsync(default)).ShouldBeTrue();
        Task<bool> first = gate.EnterAsync(default).AsTask(), second = gate.EnterAsync(default).AsTask();
        (gate.Busy, gate.Waiting).ShouldBe((1, 2));

        gate.Leave();

        (await first).ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();
        (gate.Busy, gate.Waiting).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Enter_LineFull_IsRefusedAtOnce()
    {
        SlotGate gate = new(slots: 1, backlog: 1);
        await gate.EnterAsync(default);
        _ = gate.EnterAsync(default);

        (await gate.EnterAsync(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Enter_CancelledInTheLine_FreesThePlaceAndGetsNoTurn()
    {
        SlotGate gate = new(slots: 1, backlog: 1);
        await gate.EnterAsync(default);
        using CancellationTokenSource gone = new();
        Task<bool> waiting = gate.EnterAsync(gone.Token).AsTask();
        gone.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        Task<bool> next = gate.EnterAsync(default).AsTask();
        gate.Leave();

        (await next).ShouldBeTrue();
        gate.Leave();
        (gate.Busy, gate.Waiting).ShouldBe((0, 0));
    }

    /// <summary>Whatever comes and goes, a slot is never given twice, nor left empty while somebody waits.</summary>
    [Property(MaxTest = 50)]
    public Property Gate_AnyOrder_KeepsItsBounds() => Prop.ForAll(
        ArbMap.Default.ArbFor<bool[]>(),
        comings =>
        {
            SlotGate gate = new(slots: 3, backlog: 4);
            int inside = 0, refused = 0, came = 0, left = 0;
            foreach (bool comes in comings)
            {
                if (comes)
                {
                    came++;
                    ValueTask<bool> entered = gate.EnterAsync(default);
                    refused += entered.IsCompleted && !entered.Result ? 1 : 0;
                }
                else if (gate.Busy > 0)
                {
                    gate.Leave();
                    left++;
                }
                inside = came - refused - left;
                if (gate.Busy != Math.Min(3, inside) || gate.Waiting != inside - gate.Busy || gate.Waiting > 4)
                {
                    return false;
                }
            }
            return true;
        });
}

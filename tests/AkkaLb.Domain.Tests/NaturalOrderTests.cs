using FsCheck.Xunit;

namespace AkkaLb.Domain.Tests;

public class NaturalOrderTests
{
    [Theory]
    [InlineData("m2.txt", "m10.txt")]
    [InlineData("link-2", "link-10")]
    [InlineData("a", "a1")]
    [InlineData("a1b2", "a1b10")]
    [InlineData("a01", "a2")]
    [InlineData("a01", "a1")]
    [InlineData("9", "99999999999999999999999999")]
    [InlineData("10", "a")]
    [InlineData("", "0")]
    [InlineData(null, "a")]
    public void Compare_FirstAndSecond_StandInThisOrder(string? first, string second)
    {
        NaturalOrder.Instance.Compare(first, second).ShouldBeLessThan(0);
        NaturalOrder.Instance.Compare(second, first).ShouldBeGreaterThan(0);
        NaturalOrder.Instance.Compare(second, second).ShouldBe(0);
    }

    [Property]
    public bool Compare_OfAnyThree_IsAnOrder(string? x, string? y, string? z)
    {
        NaturalOrder order = NaturalOrder.Instance;
        return Math.Sign(order.Compare(x, y)) == -Math.Sign(order.Compare(y, x))
            && (order.Compare(x, y) == 0) == ((x ?? "") == (y ?? ""))
            && !(order.Compare(x, y) <= 0 && order.Compare(y, z) <= 0 && order.Compare(x, z) > 0);
    }
}

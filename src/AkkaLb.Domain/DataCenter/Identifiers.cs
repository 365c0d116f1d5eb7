namespace AkkaLb.Domain.DataCenter;

/// <summary>A load balancer, by its position from 0.</summary>
public readonly record struct LoadBalancerId(int Index)
{
    public override string ToString() => $"load balancer {Index}";
}

/// <summary>A server, by its position from 0.</summary>
public readonly record struct ServerId(int Index)
{
    public override string ToString() => $"server {Index}";
}

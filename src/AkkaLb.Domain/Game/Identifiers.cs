namespace AkkaLb.Domain.Game;

/// <summary>A player, by its position among the instance's lengths.</summary>
public readonly record struct PlayerId(int Index)
{
    public override string ToString() => $"player {Index}";
}

/// <summary>A server, by its position among the instance's rates.</summary>
public readonly record struct ServerId(int Index)
{
    public override string ToString() => $"server {Index}";
}

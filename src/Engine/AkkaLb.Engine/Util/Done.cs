namespace Akka;

/// <summary>Says that something has completed, without a value.</summary>
public sealed class Done
{
    /// <summary>The only instance.</summary>
    public static readonly Done Instance = new();

    private Done() { }
}

namespace AkkaLb.Agents.Serialization;

/// <summary>
/// Bytes that are too large for one message, in parts: Akka.Remote drops without a word what is above its maximum-frame-size.
/// </summary>
internal static class MessageParts
{
    /// <summary>Bytes of a part at most.</summary>
    public const int MaxPart = 128 << 10;

    /// <returns>At least one part.</returns>
    public static IReadOnlyList<byte[]> Split(byte[] bytes) => bytes.Length <= MaxPart
        ? [bytes]
        : [.. Enumerable.Range(0, (bytes.Length + MaxPart - 1) / MaxPart).Select(
            part => bytes[(part * MaxPart)..Math.Min(bytes.Length, (part + 1) * MaxPart)])];
}

/// <summary>Puts parts together again. Those of a sender come in their order, or are lost.</summary>
/// <typeparam name="TSender">Tells who sends.</typeparam>
/// <typeparam name="TWhole">Tells what the parts are of, among all that a sender sends.</typeparam>
internal sealed class PartCollector<TSender, TWhole>
    where TSender : notnull
    where TWhole : IEquatable<TWhole>
{
    // By sender: what is not whole yet.
    private readonly Dictionary<TSender, (TWhole Whole, List<byte[]> Parts)> _open = [];

    /// <summary>Takes a part.</summary>
    /// <param name="part">From 0.</param>
    /// <returns>All bytes when they are there; else null: more is to come, or was lost, and who waits for it asks again.</returns>
    public byte[]? Take(TSender sender, TWhole whole, int part, int parts, byte[] bytes)
    {
        if (parts == 1)
        {
            return bytes;
        }
        if (part == 0)
        {
            _open[sender] = (whole, []);
        }
        if (!_open.TryGetValue(sender, out (TWhole Whole, List<byte[]> Parts) open)
            || !open.Whole.Equals(whole) || open.Parts.Count != part)
        {
            return null;
        }
        open.Parts.Add(bytes);
        if (open.Parts.Count < parts)
        {
            return null;
        }
        _open.Remove(sender);
        byte[] all = new byte[open.Parts.Sum(piece => piece.Length)];
        int at = 0;
        foreach (byte[] piece in open.Parts)
        {
            piece.CopyTo(all, at);
            at += piece.Length;
        }
        return all;
    }

    public void Clear() => _open.Clear();
}

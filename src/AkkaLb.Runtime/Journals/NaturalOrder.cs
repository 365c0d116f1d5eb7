namespace AkkaLb.Runtime.Journals;

/// <summary>Orders names so that <c>link-2</c> stands before <c>link-10</c>.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        (string head, long number) = Split(x ?? "");
        (string otherHead, long otherNumber) = Split(y ?? "");
        int heads = string.CompareOrdinal(head, otherHead);
        return heads != 0 ? heads : number.CompareTo(otherNumber);
    }

    private static (string, long) Split(string name)
    {
        int end = name.TrimEnd("0123456789".ToCharArray()).Length;
        return end < name.Length && long.TryParse(name.AsSpan(end), out long number) ? (name[..end], number) : (name, -1);
    }
}

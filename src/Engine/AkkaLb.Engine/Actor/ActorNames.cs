using Akka.Actor;

namespace AkkaLb.Engine;

/// <summary>The names that the engine gives and those that it allows.</summary>
internal static class ActorNames
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    /// <summary><c>$a</c>, <c>$b</c>, …: the number in base 64, least significant digit first.</summary>
    internal static string Automatic(long number, char prefix = '$')
    {
        Span<char> text = stackalloc char[12];
        int length = 0;
        text[length++] = prefix;
        do
        {
            text[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(text[..length]);
    }

    /// <summary>Throws <see cref="InvalidActorNameException"/> unless user code may give this name.</summary>
    internal static void Check(string name)
    {
        if (name.Length == 0) { throw new InvalidActorNameException("Actor name must not be empty."); }
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and can only contain these special characters: {ActorPath.ValidSymbols}.");
        }
    }
}

using AkkaLb.Hocon.Parsing;

namespace AkkaLb.Hocon;

/// <summary>A parsed document. Its substitutions are resolved when a value is first asked for.</summary>
public sealed class HoconRoot
{
    internal HoconRoot(ObjectSyntax syntax) => Syntax = syntax;

    internal ObjectSyntax Syntax { get; }

    internal bool IsEmpty => Syntax.Fields.Count == 0;

    /// <summary>Reads a document.</summary>
    /// <param name="text">HOCON text.</param>
    /// <param name="include">Gives the document that an <c>include</c> names, or null when there is none; null: includes are
    /// refused.</param>
    /// <param name="source">What to call the text in errors of its values (<see cref="HoconValue.Source"/>); null: nothing.</param>
    /// <exception cref="HoconException">The text is malformed; the message gives line, column and what was expected.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot?>? include = null, string? source = null)
    {
        ObjectSyntax syntax = HoconReader.Read(text, include);
        return new(source is null ? syntax : (ObjectSyntax)syntax.Relocate([], source));
    }

    internal HoconValue Resolve(Config? fallback) => new Resolver(Syntax, path => fallback?.Find(path)).Resolve();
}

using AkkaLb.Engine.Configuration;

namespace Akka.Configuration.Hocon;

/// <summary>A parsed document. Its substitutions are resolved when a value is first asked for.</summary>
public sealed class HoconRoot
{
    private readonly HoconValue? given;
    private HoconValue? resolved;

    /// <summary>An empty document.</summary>
    public HoconRoot()
        : this(new ObjectSyntax(default))
    {
    }

    /// <summary>A document of one object.</summary>
    /// <exception cref="ConfigurationException"><paramref name="value"/> is no object.</exception>
    public HoconRoot(HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        given = value;
        ObjectSyntax syntax = new(value.Position);
        foreach ((string key, HoconValue item) in value.GetObject().Items)
        {
            syntax.Add(key, new ResolvedSyntax(item));
        }
        Syntax = syntax;
    }

    internal HoconRoot(ObjectSyntax syntax) => Syntax = syntax;

    /// <summary>The document's values, resolved without fallback.</summary>
    /// <exception cref="ConfigurationException">A substitution has no value.</exception>
    public HoconValue Value => resolved ??= Resolve(null);

    internal ObjectSyntax Syntax { get; }

    internal bool IsEmpty => Syntax.Fields.Count == 0;

    internal HoconValue Resolve(Config? fallback) =>
        given ?? new Resolver(Syntax, path => fallback?.Find(path)).Resolve();
}

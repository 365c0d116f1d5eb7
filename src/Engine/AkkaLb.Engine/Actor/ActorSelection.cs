using System.Text.RegularExpressions;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement;

/// <summary>To the child of a name.</summary>
public class SelectChildName(string name) : SelectionPathElement
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <inheritdoc />
    public override string ToString() => name;
}

/// <summary>To the children whose names match a pattern with <c>*</c> and <c>?</c>.</summary>
public class SelectChildPattern(string patternStr) : SelectionPathElement
{
    private readonly Regex _regex = new($"^{Regex.Escape(patternStr).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.CultureInvariant);

    /// <summary>The pattern.</summary>
    public string PatternStr => patternStr;

    internal bool Matches(string name) => _regex.IsMatch(name);

    /// <inheritdoc />
    public override string ToString() => patternStr;
}

/// <summary>To all actors below.</summary>
public class SelectChildRecursive : SelectionPathElement
{
    /// <summary>The only instance.</summary>
    public static readonly SelectChildRecursive Instance = new();

    /// <inheritdoc />
    public override string ToString() => "**";
}

/// <summary>To the actor above.</summary>
public class SelectParent : SelectionPathElement
{
    /// <summary>The only instance.</summary>
    public static readonly SelectParent Instance = new();

    /// <inheritdoc />
    public override string ToString() => "..";
}

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false)
    : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    /// <summary>The message.</summary>
    public object Message => message;

    /// <summary>The steps that are left.</summary>
    public SelectionPathElement[] Elements => elements;

    /// <summary>True when it came to several actors, so that a miss is not a dead letter.</summary>
    public bool WildCardFanOut => wildCardFanOut;

    /// <inheritdoc />
    public override string ToString() => $"ActorSelectionMessage - Message: {message} - WildCartFanOut: {wildCardFanOut} - Elements: {string.Join('/', (object[])elements)}";
}

/// <summary>Actors at a path, relative to an anchor; looked up anew for every message.</summary>
public class ActorSelection : ICanTell
{
    /// <summary>Selects below <paramref name="anchor"/>.</summary>
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    /// <summary>Selects below <paramref name="anchor"/> by a path in one string.</summary>
    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) { }

    /// <summary>Selects below <paramref name="anchor"/> by the elements of a path.</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements) : this(anchor, elements.Where(e => e.Length > 0).Select(Element).ToArray()) { }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The steps.</summary>
    public SelectionPathElement[] Path { get; }

    /// <summary>The steps as text.</summary>
    public string PathString => "/" + string.Join('/', (object[])Path);

    /// <summary>Sends a message to every actor that the selection meets now.</summary>
    public void Tell(object message, IActorRef? sender = null) =>
        SelectionDelivery.Deliver((IInternalActorRef)Anchor, new ActorSelectionMessage(message, Path, Path.Any(e => e is SelectChildPattern or SelectChildRecursive)), sender ?? ActorCell.Current?.Self);

    /// <summary>The first actor that answers; fails with <see cref="ActorNotFoundException"/> when none does in time.</summary>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The first actor that answers; fails with <see cref="ActorNotFoundException"/> when none does in time.</summary>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            ActorIdentity identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("subject was null");
        }
        catch (Exception e) when (e is not ActorNotFoundException)
        {
            throw new ActorNotFoundException("Exception occurred while resolving ActorSelection", e);
        }
    }

    private static SelectionPathElement Element(string text) => text switch
    {
        ".." => SelectParent.Instance,
        "**" => SelectChildRecursive.Instance,
        _ when text.Contains('*') || text.Contains('?') => new SelectChildPattern(text),
        _ => new SelectChildName(text),
    };

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && PathString == other.PathString;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    /// <inheritdoc />
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";
}

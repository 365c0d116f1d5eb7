using Akka.Actor;
using Akka.Actor.Internal;

namespace AkkaLb.Engine;

/// <summary>Makes selections and walks messages along them.</summary>
internal static class SelectionDelivery
{
    internal static ActorSelection Select(ActorSystemImpl system, IActorRef origin, string path)
    {
        if (path.Contains("://", StringComparison.Ordinal))
        {
            return ActorPath.TryParse(path, out ActorPath? absolute) ? Select(system, absolute) : new ActorSelection(system.DeadLetters, "");
        }
        return path.StartsWith('/')
            ? new ActorSelection(system.Provider.RootGuardian, path)
            : new ActorSelection(origin, path);
    }

    internal static ActorSelection Select(ActorSystemImpl system, ActorPath path) =>
        new(system.Provider.RootGuardianAt(path.Address), path.Elements);

    /// <summary>Walks from <paramref name="anchor"/> as far as this thread can see, and delivers or passes on.</summary>
    internal static void Deliver(IInternalActorRef anchor, ActorSelectionMessage selection, IActorRef? sender) =>
        Walk(anchor, selection, 0, sender);

    private static void Walk(IInternalActorRef current, ActorSelectionMessage selection, int step, IActorRef? sender)
    {
        for (; step < selection.Elements.Length; step++)
        {
            if (current is not ActorRefWithCell cell)
            {
                if (current is not Nobody) { current.Tell(new ActorSelectionMessage(selection.Message, selection.Elements[step..], selection.WildCardFanOut), sender); }
                return;
            }
            switch (selection.Elements[step])
            {
                case SelectParent:
                    if (!current.Parent.IsNobody()) { current = current.Parent; }
                    break;
                case SelectChildName child:
                    IInternalActorRef found = Child(cell, child.Name);
                    if (found.IsNobody())
                    {
                        Miss(cell, selection, step, sender);
                        return;
                    }
                    current = found;
                    break;
                case SelectChildRecursive:
                    foreach (IInternalActorRef each in cell.Children.Cast<IInternalActorRef>())
                    {
                        Walk(each, selection, step + 1, sender);
                        Walk(each, selection, step, sender);
                    }
                    return;
                case SelectChildPattern pattern:
                    IInternalActorRef[] matching = cell.Children.Cast<IInternalActorRef>().Where(c => pattern.Matches(c.Path.Name)).ToArray();
                    if (matching.Length == 0 && !selection.WildCardFanOut) { Miss(cell, selection, step, sender); }
                    foreach (IInternalActorRef each in matching) { Walk(each, selection, step + 1, sender); }
                    return;
            }
        }
        current.Tell(selection.Message, sender);
    }

    private static IInternalActorRef Child(ActorRefWithCell cell, string name)
    {
        IInternalActorRef child = cell.GetSingleChild(name);
        return child.IsNobody() && cell.Path.Depth == 0 ? cell.Provider.ExtraName(name) ?? child : child;
    }

    private static void Miss(ActorRefWithCell cell, ActorSelectionMessage selection, int step, IActorRef? sender)
    {
        if (selection.WildCardFanOut) { return; }
        ActorPath missing = cell.Path / selection.Elements[step..].Select(e => e.ToString()!);
        cell.Provider.DeadLetterRef().Deliver(selection.Message, sender, new EmptyLocalActorRef(cell.Provider, missing, cell.Provider.Events()));
    }
}

using Akka.Actor;

namespace AkkaLb.Engine.TestKit;

/// <summary>Says which actors keep a system from terminating.</summary>
internal static class Survivors
{
    private const int Shown = 10;

    public static string Of(ActorSystem system)
    {
        ExtendedActorSystem extended = (ExtendedActorSystem)system;
        List<string> alive = [.. Leaves(extended.Guardian).Concat(Leaves(extended.SystemGuardian)).Take(Shown + 1)];
        return alive.Count == 0 ? "no actor"
            : string.Join(", ", alive.Take(Shown)) + (alive.Count > Shown ? ", …" : "");
    }

    private static IEnumerable<string> Leaves(IActorRef actor)
    {
        if (actor is not ActorRefWithCell { IsTerminated: false } parent)
        {
            return [];
        }
        List<string> below = [.. parent.Children.SelectMany(Leaves)];
        return below.Count > 0 ? below : [parent.Path.ToString()];
    }
}

namespace AkkaLb.Engine;

/// <summary>A handler that waits for its event to be stored.</summary>
/// <param name="Stashes">True for <c>Persist</c>: commands wait until it has run.</param>
internal readonly record struct PendingInvocation(Action<object> Handler, bool Stashes);

using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Sent to the system's guardian by an actor that wants to end in good order before it.</summary>
internal sealed class RegisterTerminationHook
{
    public static RegisterTerminationHook Instance { get; } = new();
}

/// <summary>The user's actors have ended.</summary>
internal sealed class TerminationHook : IPossiblyHarmful
{
    public static TerminationHook Instance { get; } = new();
}

/// <summary>The hook's work is done.</summary>
internal sealed class TerminationHookDone
{
    public static TerminationHookDone Instance { get; } = new();
}

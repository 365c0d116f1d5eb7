namespace Akka.Persistence;

/// <summary>Asks to be allowed to recover.</summary>
internal sealed class RequestRecoveryPermit : IPersistenceMessage
{
    internal static readonly RequestRecoveryPermit Instance = new();
}

/// <summary>Allows to recover.</summary>
internal sealed class RecoveryPermitGranted : IPersistenceMessage
{
    internal static readonly RecoveryPermitGranted Instance = new();
}

/// <summary>Says that the recovery has ended, well or not.</summary>
internal sealed class ReturnRecoveryPermit : IPersistenceMessage
{
    internal static readonly ReturnRecoveryPermit Instance = new();
}

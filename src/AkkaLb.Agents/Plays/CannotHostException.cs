namespace AkkaLb.Agents.Plays;

/// <summary>A node cannot read a run that it is to host agents of, for a reason that does not pass by waiting.</summary>
public sealed class CannotHostException(string message, Exception? innerException = null) : Exception(message, innerException);

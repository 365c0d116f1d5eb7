namespace Akka.Dispatch.SysMsg;

/// <summary>Marks the messages of the engine itself, which overtake user messages.</summary>
public interface ISystemMessage;

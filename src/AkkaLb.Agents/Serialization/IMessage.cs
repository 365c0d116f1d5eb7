namespace AkkaLb.Agents.Serialization;

/// <summary>
/// A message that may cross from one node to another, and so has a format (<see cref="WireFormat"/>). All others stay within the actors of
/// one run's singleton.
/// </summary>
public interface IMessage;

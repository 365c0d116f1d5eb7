using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.Game;

/// <summary>A message of a player or a server to the game that it belongs to.</summary>
public interface IGameMessage : IMessage;

using AkkaLb.Agents.Serialization;

namespace AkkaLb.Agents.DataCenter;

/// <summary>A message to the data centre that an actor belongs to.</summary>
public interface IDataCenterMessage : IMessage;

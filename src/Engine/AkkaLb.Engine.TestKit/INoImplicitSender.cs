namespace Akka.TestKit;

/// <summary>A test class with this marker sends without sender instead of as its <see cref="TestKitBase.TestActor"/>.</summary>
public interface INoImplicitSender
{
}

namespace AkkaLb.Hocon;

/// <summary>
/// A text is malformed, or a value is missing or of the wrong type; the message is one line that says where and what was expected.
/// </summary>
public sealed class HoconException(string message, Exception? innerException = null) : Exception(message, innerException);

using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration is malformed, incomplete or of the wrong type; the message is one line that says where and what was expected.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>An error with its message.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and cause.</summary>
    public ConfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

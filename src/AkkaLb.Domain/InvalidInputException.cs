namespace AkkaLb.Domain;

/// <summary>
/// Input from a user (file, option, configuration value) that cannot be used. <see cref="Exception.Message"/> is the one line
/// to show: it names the file, the key or line, and what was expected. The command line maps it to exit code 2.
/// </summary>
public sealed class InvalidInputException(string message, Exception? innerException = null) : Exception(message, innerException);

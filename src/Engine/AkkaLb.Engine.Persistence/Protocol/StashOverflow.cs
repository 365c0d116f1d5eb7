using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>What becomes of a message that the stash of a busy persistent actor cannot take.</summary>
public interface IStashOverflowStrategy;

/// <summary>Makes a strategy from a configuration.</summary>
public interface IStashOverflowStrategyConfigurator
{
    /// <summary>The strategy.</summary>
    IStashOverflowStrategy Create(Config config);
}

/// <summary>The actor fails with <see cref="StashOverflowException"/>.</summary>
public class ThrowOverflowExceptionStrategy : IStashOverflowStrategy
{
    private ThrowOverflowExceptionStrategy() { }

    /// <summary>The strategy.</summary>
    public static ThrowOverflowExceptionStrategy Instance { get; } = new();
}

/// <summary>The message goes to the dead letters.</summary>
public class DiscardToDeadLetterStrategy : IStashOverflowStrategy
{
    private DiscardToDeadLetterStrategy() { }

    /// <summary>The strategy.</summary>
    public static DiscardToDeadLetterStrategy Instance { get; } = new();
}

/// <summary>The sender gets an answer.</summary>
public sealed class ReplyToStrategy(object response) : IStashOverflowStrategy
{
    /// <summary>The answer.</summary>
    public object Response => response;
}

/// <summary>Makes <see cref="ThrowOverflowExceptionStrategy"/>.</summary>
public sealed class ThrowExceptionConfigurator : IStashOverflowStrategyConfigurator
{
    /// <inheritdoc />
    public IStashOverflowStrategy Create(Config config) => ThrowOverflowExceptionStrategy.Instance;
}

/// <summary>Makes <see cref="DiscardToDeadLetterStrategy"/>.</summary>
public sealed class DiscardConfigurator : IStashOverflowStrategyConfigurator
{
    /// <inheritdoc />
    public IStashOverflowStrategy Create(Config config) => DiscardToDeadLetterStrategy.Instance;
}

namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
public readonly struct Option<T>(T value)
{
    /// <summary>The absent value.</summary>
    public static readonly Option<T> None = default;

    /// <summary>True when there is a value; null counts as absent.</summary>
    public bool HasValue { get; } = value is not null;

    /// <summary>True when there is no value.</summary>
    public bool IsEmpty => !HasValue;

    /// <summary>The value, or the default when absent.</summary>
    public T Value { get; } = value;

    /// <summary>The value, or <paramref name="fallbackValue"/> when absent.</summary>
    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    /// <summary>Applies a function to a present value.</summary>
    public Option<TNew> Select<TNew>(Func<T, TNew> selector) => HasValue ? new Option<TNew>(selector(Value)) : Option<TNew>.None;

    /// <summary>Applies a function that may give nothing to a present value.</summary>
    public Option<TNew> FlatSelect<TNew>(Func<T, Option<TNew>> mapper) => HasValue ? mapper(Value) : Option<TNew>.None;

    /// <summary>Calls the action with a present value.</summary>
    public void OnSuccess(Action<T> action)
    {
        if (HasValue) { action(Value); }
    }

    /// <summary>Wraps a value.</summary>
    public static implicit operator Option<T>(T item) => new(item);

    /// <inheritdoc />
    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";
}

using System.Linq.Expressions;
using System.Reflection;
using AkkaLb.Engine;

namespace Akka.Actor;

/// <summary>Makes actors in a way of its own.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The type that is made.</summary>
    Type ActorType { get; }

    /// <summary>Makes a new instance.</summary>
    ActorBase Produce();

    /// <summary>Takes an instance back that has ended.</summary>
    void Release(ActorBase actor);
}

/// <summary>How an actor is made: its type, constructor arguments, dispatcher and supervision. Immutable.</summary>
public class Props : IEquatable<Props>
{
    /// <summary>Makes no actor.</summary>
    public static readonly Props None = new TerminatedProps();

    private readonly IIndirectActorProducer? _producer;
    private ConstructorInfo? _constructor;
    private ConstructorInvoker? _invoker;

    /// <summary>Props of nothing yet.</summary>
    protected Props() : this(typeof(EmptyActor)) { }

    /// <summary>A copy.</summary>
    protected Props(Props copy)
    {
        Type = copy.Type;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
        Dispatcher = copy.Dispatcher;
        StashCapacity = copy.StashCapacity;
        _producer = copy._producer;
        _constructor = copy._constructor;
        _invoker = copy._invoker;
    }

    /// <summary>Props of a type and its constructor's arguments.</summary>
    public Props(Type type, object?[] args)
    {
        Type = type ?? throw new ArgumentNullException(nameof(type), "Props must be instantiated with an actor type.");
        Arguments = args;
    }

    /// <summary>Props of a type with a constructor without parameters.</summary>
    public Props(Type type) : this(type, []) { }

    /// <summary>Props with a strategy for the actor's children.</summary>
    public Props(Type type, SupervisorStrategy? supervisorStrategy, params object?[] args) : this(type, args) => SupervisorStrategy = supervisorStrategy;

    private Props(IIndirectActorProducer producer) : this(producer.ActorType, []) => _producer = producer;

    private Props(ConstructorInfo constructor, object?[] arguments, SupervisorStrategy? strategy) : this(constructor.DeclaringType!, strategy, arguments) =>
        _constructor = constructor;

    /// <summary>Props of an actor that handles nothing.</summary>
    public static Props Empty { get; } = new(typeof(EmptyActor));

    /// <summary>The type of the actor.</summary>
    public Type Type { get; }

    /// <summary>The full name of the type.</summary>
    public string TypeName => Type.AssemblyQualifiedName!;

    /// <summary>The arguments of the constructor.</summary>
    public object?[] Arguments { get; }

    /// <summary>The path of the dispatcher's configuration.</summary>
    public string Dispatcher { get; private set; } = Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>The strategy for the actor's children, or null for the actor's own.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; protected set; }

    internal int StashCapacity { get; private set; } = -1;

    /// <summary>Props of <c>() => new Actor(…)</c>; the arguments are evaluated now, the constructor runs at every start.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } creation)
        {
            throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        }
        object?[] arguments = new object?[creation.Arguments.Count];
        for (int i = 0; i < arguments.Length; i++) { arguments[i] = Evaluate(creation.Arguments[i]); }
        return new Props(constructor, arguments, supervisorStrategy);
    }

    /// <summary>Props of a type and its constructor's arguments.</summary>
    public static Props Create<TActor>(params object?[] args) where TActor : ActorBase => new(typeof(TActor), args);

    /// <summary>Props of a type with a constructor without parameters.</summary>
    public static Props Create<TActor>(SupervisorStrategy? supervisorStrategy) where TActor : ActorBase, new() => new(typeof(TActor), supervisorStrategy);

    /// <summary>Props of a type and its constructor's arguments.</summary>
    public static Props Create(Type type, params object?[] args) => new(type, args);

    /// <summary>Props of a producer.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args) => new(producer);

    /// <summary>Props of a producer type and its constructor's arguments.</summary>
    public static Props CreateBy<TProducer>(params object?[] args) where TProducer : class, IIndirectActorProducer =>
        new((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!);

    /// <summary>The same on another dispatcher.</summary>
    public Props WithDispatcher(string dispatcher) => With(p => p.Dispatcher = dispatcher);

    /// <summary>The same with a bound on the stash, negative for none.</summary>
    public Props WithStashCapacity(int stashCapacity) => With(p => p.StashCapacity = stashCapacity);

    /// <summary>The same with another strategy for the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy? supervisorStrategy) => With(p => p.SupervisorStrategy = supervisorStrategy);

    /// <summary>A copy.</summary>
    protected virtual Props Copy() => new(this);

    private Props With(Action<Props> change)
    {
        Props copy = Copy();
        change(copy);
        return copy;
    }

    /// <summary>Makes a new instance.</summary>
    public virtual ActorBase NewActor()
    {
        if (_producer is not null) { return _producer.Produce(); }
        _invoker ??= ConstructorInvoker.Create(_constructor ??= FindConstructor());
        return (ActorBase)(Arguments.Length == 0 ? _invoker.Invoke() : _invoker.Invoke(Arguments.AsSpan()));
    }

    internal void Release(ActorBase actor)
    {
        if (_producer is not null) { _producer.Release(actor); }
        else if (actor is IDisposable disposable) { disposable.Dispose(); }
    }

    private ConstructorInfo FindConstructor()
    {
        if (!typeof(ActorBase).IsAssignableFrom(Type)) { throw new ArgumentException($"{Type} is not an actor."); }
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        ConstructorInfo[] fitting = Type.GetConstructors(Any).Where(Fits).ToArray();
        return fitting.Length switch
        {
            0 => throw new MissingMethodException($"No constructor of {Type} takes ({string.Join(", ", Arguments.Select(a => a?.GetType().Name ?? "null"))})."),
            1 => fitting[0],
            _ => fitting.FirstOrDefault(FitsExactly) ?? throw new AmbiguousMatchException($"Several constructors of {Type} take these arguments."),
        };
    }

    private bool Fits(ConstructorInfo constructor)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        if (parameters.Length != Arguments.Length) { return false; }
        for (int i = 0; i < parameters.Length; i++)
        {
            Type wanted = parameters[i].ParameterType;
            object? given = Arguments[i];
            if (given is null ? wanted.IsValueType && Nullable.GetUnderlyingType(wanted) is null : !wanted.IsInstanceOfType(given)) { return false; }
        }
        return true;
    }

    private bool FitsExactly(ConstructorInfo constructor) =>
        constructor.GetParameters().Zip(Arguments).All(pair => pair.Second is null || pair.First.ParameterType == pair.Second.GetType());

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
            when convert.Type.IsAssignableFrom(convert.Operand.Type) => Evaluate(convert.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    /// <inheritdoc />
    public bool Equals(Props? other) => other is not null && (ReferenceEquals(this, other)
        || (Type == other.Type && Dispatcher == other.Dispatcher && StashCapacity == other.StashCapacity
            && Equals(SupervisorStrategy, other.SupervisorStrategy) && Equals(_producer, other._producer) && Arguments.SequenceEqual(other.Arguments)));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher, Arguments.Length);
}

/// <summary>Props that make no actor.</summary>
public class TerminatedProps : Props
{
    /// <inheritdoc />
    public override ActorBase NewActor() => throw new InvalidOperationException("This actor has been terminated");
}

using AkkaLb.Domain;

namespace AkkaLb.Learning.Backends;

/// <summary>Which backend to learn with.</summary>
public enum BackendChoice
{
    /// <summary>The kernels of this library.</summary>
    Native,

    /// <summary>TorchSharp.</summary>
    Torch,

    /// <summary>TorchSharp where it is known to be faster and can be loaded, the kernels elsewhere.</summary>
    Auto,
}

/// <summary>The section <c>akkalb.learning</c> of a configuration.</summary>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; other than cpu with <see cref="BackendChoice.Torch"/> only.</param>
public sealed record BackendOptions(BackendChoice Choice, string Device)
{
    public static BackendOptions Native { get; } = new(BackendChoice.Native, "cpu");
}

/// <summary>The backends that a program has; its composition registers them once, before anything learns.</summary>
public static class LearningBackends
{
    private static volatile Func<BackendOptions, LearningBackend?>? _torch;

    /// <param name="create">Gives null where <see cref="BackendChoice.Auto"/> finds no library.</param>
    public static void RegisterTorch(Func<BackendOptions, LearningBackend?> create) => _torch = create;

    /// <summary>The backend asked for; null: the kernels.</summary>
    /// <exception cref="InvalidInputException">The backend is not part of the program, its library cannot be loaded, or it lacks the
    /// device.</exception>
    public static LearningBackend? Create(BackendOptions options) => options.Choice switch
    {
        BackendChoice.Native => null,
        BackendChoice.Auto => _torch?.Invoke(options),
        _ => (_torch ?? throw new InvalidInputException("learning.backend: this program has no backend 'torch', expected native"))(options),
    };
}

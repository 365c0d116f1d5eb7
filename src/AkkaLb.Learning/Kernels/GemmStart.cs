namespace AkkaLb.Learning.Kernels;

/// <summary>What an element of a matrix product starts from.</summary>
internal enum GemmStart
{
    /// <summary>Zero.</summary>
    Zero,

    /// <summary>The bias of its column.</summary>
    Bias,

    /// <summary>What the target already holds.</summary>
    Accumulate,
}

/// <summary>What is done to an element of a matrix product once its sum is complete.</summary>
internal enum GemmFinish
{
    Linear,

    /// <summary>c ← tanh(c).</summary>
    Tanh,

    /// <summary>c ← c·(1 − y²), the derivative through y = tanh(·).</summary>
    TanhGradient,

    /// <summary>c ← max(c, 0).</summary>
    Relu,

    /// <summary>c ← y &gt; 0 ? c : 0, the derivative through y = max(·, 0).</summary>
    ReluGradient,
}

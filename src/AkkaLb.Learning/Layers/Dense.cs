using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Layers;

/// <summary>A fully connected layer y = act(x·W + b): where its parameters lie in a flat buffer. Batches are rows.</summary>
/// <param name="Weight">Offset of W, [Inputs, Outputs] row-major.</param>
/// <param name="Bias">Offset of b.</param>
internal readonly unsafe record struct Dense(int Weight, int Bias, int Inputs, int Outputs)
{
    public void Forward(Kernel kernel, float* parameters, float* x, int ldx, int rows, float* y, int ldy, bool tanh) =>
        Forward(kernel, parameters, x, ldx, rows, y, ldy, tanh ? GemmFinish.Tanh : GemmFinish.Linear);

    public void Forward(Kernel kernel, float* parameters, float* x, int ldx, int rows, float* y, int ldy, GemmFinish finish) =>
        kernel.MatMul(
            x, ldx, 1, parameters + Weight, Outputs, y, ldy, rows, Outputs, Inputs, GemmStart.Bias, parameters + Bias, finish);

    /// <summary>Adds to the gradients of W and b, given the gradient <paramref name="dz"/> of the value before the activation.</summary>
    public void AddGradients(Kernel kernel, float* gradients, float* x, int ldx, int rows, float* dz, int lddz)
    {
        kernel.MatMul(x, 1, ldx, dz, lddz, gradients + Weight, Outputs, Inputs, Outputs, rows, GemmStart.Accumulate);
        kernel.AddColumnSums(gradients + Bias, dz, lddz, rows, Outputs);
    }

    /// <summary>The gradient of the input: dx = dz·Wᵀ, and through the input's own tanh when <paramref name="finish"/> says so.</summary>
    /// <param name="transposed">Buffer with Wᵀ, [Outputs, Inputs], at the offset of W.</param>
    public void InputGradient(
        Kernel kernel, float* transposed, float* dz, int lddz, int rows, float* dx, int lddx, GemmFinish finish, float* x, int ldx) =>
        kernel.MatMul(
            dz, lddz, 1, transposed + Weight, Inputs, dx, lddx, rows, Inputs, Outputs, GemmStart.Zero, null, finish, x, ldx);
}

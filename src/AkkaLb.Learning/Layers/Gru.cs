using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Layers;

/// <summary>
/// A gated recurrent unit over sequences. Rows are time-major: row t·B + b is step t of sequence b, so that what does not depend on the
/// state before is one product for all steps. See <see cref="Kernel.GruForward"/> for the formula.
/// </summary>
/// <param name="Input">[inputs, 3·width], gates r ‖ z ‖ n.</param>
/// <param name="Recurrent">[width, 3·width].</param>
internal readonly unsafe record struct Gru(Dense Input, Dense Recurrent)
{
    public int Width => Recurrent.Inputs;

    /// <summary>Runs <paramref name="steps"/> steps.</summary>
    /// <param name="x">[steps·batch, inputs].</param>
    /// <param name="states">
    /// [(steps + 1)·batch, width]: the first block holds the initial states, block t + 1 receives those after step t.
    /// </param>
    /// <param name="gates">[steps·batch, 3·width], kept for the backward pass.</param>
    /// <param name="recurrent">The same size and use.</param>
    /// <param name="starts">Per sequence the step before which its state is set to zero; empty: no sequence starts anew.</param>
    public void Forward(
        Kernel kernel, float* parameters, float* x, int steps, int batch, float* states, float* gates, float* recurrent,
        ReadOnlySpan<int> starts)
    {
        Input.Forward(kernel, parameters, x, Input.Inputs, steps * batch, gates, Input.Outputs, GemmFinish.Linear);
        int block = batch * Width;
        for (int t = 0; t < steps; t++)
        {
            for (int b = 0; b < starts.Length; b++)
            {
                if (starts[b] == t)
                {
                    new Span<float>(states + (nint)b * Width, Width).Clear();
                }
            }

            Recurrent.Forward(kernel, parameters, states, Width, batch, recurrent, Recurrent.Outputs, GemmFinish.Linear);
            kernel.GruForward(gates, recurrent, states, states + block, batch, Width);
            states += block;
            gates += 3 * block;
            recurrent += 3 * block;
        }
    }

    /// <summary>
    /// Back-propagation through time over <paramref name="steps"/> steps. The arguments point to the first of these steps; the state before
    /// it is taken as given. Adds to the parameters' gradients.
    /// </summary>
    /// <param name="transposed">Buffer with the transposed weights, at the weights' offsets.</param>
    /// <param name="states">The state before the first step, then those after each.</param>
    /// <param name="gates">As the forward pass left them; overwritten.</param>
    /// <param name="recurrent">As the forward pass left them; overwritten.</param>
    /// <param name="dStates">[steps·batch, width]: gradient of the loss with respect to the states after each step; overwritten.</param>
    /// <param name="dx">Receives the gradient of x, through x's own ReLU, [steps·batch, inputs].</param>
    public void Backward(
        Kernel kernel, float* transposed, float* gradients, float* x, int steps, int batch, float* states, float* gates, float* recurrent,
        float* dStates, float* dx)
    {
        int block = batch * Width, rows = steps * batch;
        for (nint t = steps - 1; t >= 0; t--)
        {
            float* d = dStates + t * block, own = recurrent + 3 * t * block;
            kernel.GruGradient(d, gates + 3 * t * block, own, states + t * block, batch, Width);
            if (t > 0)
            {
                kernel.MatMul(
                    own, 3 * Width, 1, transposed + Recurrent.Weight, Width, d, Width, batch, Width, 3 * Width, GemmStart.Accumulate);
                kernel.Add(d - block, d, block);
            }
        }

        Recurrent.AddGradients(kernel, gradients, states, Width, rows, recurrent, 3 * Width);
        Input.AddGradients(kernel, gradients, x, Input.Inputs, rows, gates, 3 * Width);
        Input.InputGradient(kernel, transposed, gates, 3 * Width, rows, dx, Input.Inputs, GemmFinish.ReluGradient, x, Input.Inputs);
    }
}

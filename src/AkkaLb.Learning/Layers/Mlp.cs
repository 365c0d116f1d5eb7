using AkkaLb.Learning.Kernels;

namespace AkkaLb.Learning.Layers;

/// <summary>Fully connected layers one after the other, tanh or ReLU between them; the last is tanh or linear.</summary>
internal sealed unsafe class Mlp(Dense[] layers, bool lastTanh, bool relu = false)
{
    public int Inputs => layers[0].Inputs;

    public int Outputs => layers[^1].Outputs;

    /// <summary>Floats per row of the hidden activations, which are stored layer by layer, [rows, width] each.</summary>
    public int HiddenWidth { get; } = layers[..^1].Sum(layer => layer.Outputs);

    /// <summary>y = mlp(x), all hidden activations kept in <paramref name="hidden"/> (rows·<see cref="HiddenWidth"/> floats).</summary>
    public void Forward(Kernel kernel, float* parameters, float* x, int ldx, int rows, float* hidden, float* y, int ldy)
    {
        for (int i = 0; i < layers.Length - 1; i++)
        {
            int width = layers[i].Outputs;
            layers[i].Forward(kernel, parameters, x, ldx, rows, hidden, width, relu ? GemmFinish.Relu : GemmFinish.Tanh);
            x = hidden;
            ldx = width;
            hidden += (nint)rows * width;
        }

        layers[^1].Forward(kernel, parameters, x, ldx, rows, y, ldy, lastTanh);
    }

    /// <summary>
    /// Adds to the parameters' gradients and gives the input's. <paramref name="dz"/> is the gradient before the last activation.
    /// </summary>
    /// <param name="gradients">Of the parameters, or null when nobody needs them.</param>
    /// <param name="scratch">rows·<see cref="HiddenWidth"/> floats.</param>
    /// <param name="dx">Gradient of the input, or null when nobody needs it.</param>
    public void Backward(
        Kernel kernel, float* parametersTransposed, float* gradients, float* x, int ldx, int rows, float* hidden,
        float* dz, int lddz, float* scratch, float* dx, int lddx)
    {
        hidden += (nint)rows * HiddenWidth;
        for (int i = layers.Length - 1; i > 0; i--)
        {
            int width = layers[i].Inputs;
            hidden -= (nint)rows * width;
            if (gradients != null)
            {
                layers[i].AddGradients(kernel, gradients, hidden, width, rows, dz, lddz);
            }

            layers[i].InputGradient(
                kernel, parametersTransposed, dz, lddz, rows, scratch, width, relu ? GemmFinish.ReluGradient : GemmFinish.TanhGradient,
                hidden, width);
            dz = scratch;
            lddz = width;
            scratch += (nint)rows * width;
        }

        if (gradients != null)
        {
            layers[0].AddGradients(kernel, gradients, x, ldx, rows, dz, lddz);
        }

        if (dx != null)
        {
            layers[0].InputGradient(kernel, parametersTransposed, dz, lddz, rows, dx, lddx, GemmFinish.Linear, null, 0);
        }
    }
}

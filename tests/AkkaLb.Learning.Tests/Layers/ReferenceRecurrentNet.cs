using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Tests.Layers;

/// <summary>The recurrent net in double precision, one sequence at a time, written from PyTorch's documentation of GRU.</summary>
internal sealed class ReferenceRecurrentNet(RecurrentNet net)
{
    /// <summary>Outputs of every step.</summary>
    /// <param name="start">Step before which the state is zero.</param>
    public double[][] Run(double[] parameters, double[][] inputs, double[] initial, int start) =>
        Run(parameters, inputs, initial, start, out _);

    /// <summary>The state before a step, from zero.</summary>
    public double[] StateBefore(double[] parameters, double[][] inputs, int start, int step)
    {
        Run(parameters, inputs[..step], new double[net.Width], start, out double[] state);
        return start == step ? new double[net.Width] : state;
    }

    private double[][] Run(double[] parameters, double[][] inputs, double[] initial, int start, out double[] h)
    {
        h = initial;
        var outputs = new double[inputs.Length][];
        for (int t = 0; t < inputs.Length; t++)
        {
            h = t == start ? new double[net.Width] : h;
            double[] x = Relu(Layer(parameters, net.Second, Relu(Layer(parameters, net.First, inputs[t]))));
            double[] a = Layer(parameters, net.Gru.Input, x), b = Layer(parameters, net.Gru.Recurrent, h);
            int width = net.Width;
            var next = new double[width];
            for (int i = 0; i < width; i++)
            {
                double r = Sigmoid(a[i] + b[i]), z = Sigmoid(a[width + i] + b[width + i]);
                double n = Math.Tanh(a[2 * width + i] + r * b[2 * width + i]);
                next[i] = (1 - z) * n + z * h[i];
            }

            h = next;
            outputs[t] = Layer(parameters, net.Output, Relu(Layer(parameters, net.Fourth, Relu(Layer(parameters, net.Third, h)))));
        }

        return outputs;
    }

    private static double[] Layer(double[] parameters, Dense layer, double[] x)
    {
        var y = new double[layer.Outputs];
        for (int j = 0; j < y.Length; j++)
        {
            y[j] = parameters[layer.Bias + j];
            for (int i = 0; i < layer.Inputs; i++)
            {
                y[j] += x[i] * parameters[layer.Weight + i * layer.Outputs + j];
            }
        }

        return y;
    }

    private static double[] Relu(double[] x) => [.. x.Select(v => Math.Max(v, 0))];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

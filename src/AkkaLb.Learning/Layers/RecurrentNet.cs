namespace AkkaLb.Learning.Layers;

/// <summary>
/// The shape of the published recurrent nets: two ReLU layers, a gated recurrent unit, two ReLU layers, a linear output; all hidden
/// widths the same.
/// </summary>
internal sealed class RecurrentNet
{
    /// <param name="lastGain">Gain of the output layer's start.</param>
    public RecurrentNet(ParameterLayout layout, string name, int inputs, int width, int outputs, double lastGain)
    {
        double relu = Math.Sqrt(2);
        First = layout.AddDense($"{name}.linear1", inputs, width, relu);
        Second = layout.AddDense($"{name}.linear2", width, width, relu);
        Gru = layout.AddGru($"{name}.gru", width, width);
        Third = layout.AddDense($"{name}.linear3", width, width, relu);
        Fourth = layout.AddDense($"{name}.linear4", width, width, relu);
        Output = layout.AddDense($"{name}.output", width, outputs, lastGain);
    }

    public int Inputs => First.Inputs;

    public int Width => First.Outputs;

    public int Outputs => Output.Outputs;

    public Dense First { get; }

    public Dense Second { get; }

    public Gru Gru { get; }

    public Dense Third { get; }

    public Dense Fourth { get; }

    public Dense Output { get; }

    /// <summary>Multiply-adds of one step of one sequence, forward.</summary>
    public long MultiplyAdds => (long)Inputs * Width + 9L * Width * Width + (long)Width * Outputs;
}

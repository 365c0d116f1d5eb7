using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network;

namespace AkkaLb.Learning.Checkpoints;

/// <summary>
/// The state of a <see cref="PpoLearner"/> between two updates as two safetensors files: the weights, by PyTorch's names and
/// in its [outputs, inputs] order, and Adam's moments. Random streams need no place: they are addressed by policy version.
/// A restored learner goes on with the same bits.
/// </summary>
public static class PpoCheckpoint
{
    public const string WeightsFile = "weights.safetensors";
    public const string OptimiserFile = "optimiser.safetensors";

    private const string Format = "akkalb-ppo-1";
    private const string MeanSuffix = ".exp_avg", SquareSuffix = ".exp_avg_sq";

    public static void WriteWeights(PpoLearner learner, Stream stream) =>
        SafeTensors.Write(stream, [.. Tensors(learner, learner.Optimiser.Parameters, "")], Metadata(learner));

    public static void WriteOptimiser(PpoLearner learner, Stream stream) => SafeTensors.Write(
        stream,
        [.. Tensors(learner, learner.Optimiser.Mean, MeanSuffix), .. Tensors(learner, learner.Optimiser.Square, SquareSuffix)],
        Metadata(learner));

    /// <summary>Brings a fresh learner of the same model and seed to the saved state.</summary>
    /// <exception cref="InvalidInputException">A file is damaged, or belongs to another model, seed or moment.</exception>
    public static void Restore(PpoLearner learner, Stream weights, string weightsName, Stream optimiser, string optimiserName)
    {
        (IReadOnlyDictionary<string, NamedTensor> values, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(weights, weightsName);
        (IReadOnlyDictionary<string, NamedTensor> moments, IReadOnlyDictionary<string, string> otherMetadata) = SafeTensors.Read(optimiser, optimiserName);
        long version = Number(metadata, "version", weightsName), steps = Number(metadata, "steps", weightsName);
        if (metadata.GetValueOrDefault("format") != Format || metadata.GetValueOrDefault("seed") != learner.Seed.ToString(CultureInfo.InvariantCulture))
        {
            throw new InvalidInputException($"{weightsName}: expected a checkpoint of format {Format} and seed {learner.Seed}");
        }
        if (metadata.Any(entry => otherMetadata.GetValueOrDefault(entry.Key) != entry.Value))
        {
            throw new InvalidInputException($"{optimiserName}: expected the optimiser's state at policy version {version}, the one of {weightsName}");
        }
        foreach (ParameterTensor tensor in learner.Model.Parameters)
        {
            Load(values, tensor, "", learner.Optimiser.Parameters, weightsName);
            Load(moments, tensor, MeanSuffix, learner.Optimiser.Mean, optimiserName);
            Load(moments, tensor, SquareSuffix, learner.Optimiser.Square, optimiserName);
        }
        learner.ContinueFrom(version, steps);
    }

    /// <summary>The policy in a weights file, whatever seed it was trained with.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or holds the policy of another model.</exception>
    public static PolicySnapshot ReadPolicy(NetworkModel model, Stream weights, string weightsName)
    {
        (IReadOnlyDictionary<string, NamedTensor> values, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(weights, weightsName);
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidInputException($"{weightsName}: expected a checkpoint of format {Format}");
        }
        AlignedBuffer parameters = new(model.Layout.Length);
        foreach (ParameterTensor tensor in model.Parameters.Take(model.ActorTensors))
        {
            Load(values, tensor, "", parameters, weightsName);
        }
        return new PolicySnapshot(model, Number(metadata, "version", weightsName), parameters.Span);
    }

    private static Dictionary<string, string> Metadata(PpoLearner learner) => new()
    {
        ["format"] = Format,
        ["seed"] = learner.Seed.ToString(CultureInfo.InvariantCulture),
        ["version"] = learner.Policy.Version.ToString(CultureInfo.InvariantCulture),
        ["steps"] = learner.Optimiser.Steps.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<NamedTensor> Tensors(PpoLearner learner, AlignedBuffer buffer, string suffix)
    {
        foreach (ParameterTensor tensor in learner.Model.Parameters)
        {
            ReadOnlySpan<float> own = buffer.Span.Slice(tensor.Offset, tensor.Count);
            yield return new NamedTensor(tensor.Name + suffix, Shape(tensor), tensor.IsBias ? own.ToArray() : Transpose(own, tensor.Inputs, tensor.Outputs));
        }
    }

    private static void Load(IReadOnlyDictionary<string, NamedTensor> tensors, ParameterTensor tensor, string suffix, AlignedBuffer buffer, string fileName)
    {
        if (!tensors.TryGetValue(tensor.Name + suffix, out NamedTensor? stored) || !stored.Shape.SequenceEqual(Shape(tensor)))
        {
            throw new InvalidInputException($"{fileName}: expected tensor '{tensor.Name}{suffix}' of shape [{string.Join(", ", Shape(tensor))}]");
        }
        ReadOnlySpan<float> own = tensor.IsBias ? stored.Values : Transpose(stored.Values, tensor.Outputs, tensor.Inputs);
        own.CopyTo(buffer.Span.Slice(tensor.Offset, tensor.Count));
    }

    private static int[] Shape(ParameterTensor tensor) => tensor.IsBias ? [tensor.Outputs] : [tensor.Outputs, tensor.Inputs];

    private static float[] Transpose(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        float[] transposed = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    private static long Number(IReadOnlyDictionary<string, string> metadata, string key, string fileName) =>
        long.TryParse(metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidInputException($"{fileName}: expected the number '{key}' in the metadata");
}

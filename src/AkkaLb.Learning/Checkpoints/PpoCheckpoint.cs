using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;
using AkkaLb.Learning.Network.Learners;
using AkkaLb.Learning.Network.Models;

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

    public static void WriteWeights(PpoLearner learner, Stream stream) =>
        SafeTensors.Write(stream, [.. ParameterFiles.Tensors(learner.Model.Parameters, learner.Optimiser.Parameters)], Metadata(learner));

    public static void WriteOptimiser(PpoLearner learner, Stream stream) => SafeTensors.Write(
        stream,
        [
            .. ParameterFiles.Tensors(learner.Model.Parameters, learner.Optimiser.Mean, suffix: ParameterFiles.MeanSuffix),
            .. ParameterFiles.Tensors(learner.Model.Parameters, learner.Optimiser.Square, suffix: ParameterFiles.SquareSuffix),
        ],
        Metadata(learner));

    /// <summary>Brings a fresh learner of the same model and seed to the saved state.</summary>
    /// <exception cref="InvalidInputException">A file is damaged, or belongs to another model, seed or moment.</exception>
    public static void Restore(PpoLearner learner, Stream weights, string weightsName, Stream optimiser, string optimiserName)
    {
        (IReadOnlyDictionary<string, NamedTensor> values, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(weights,
            weightsName);
        (IReadOnlyDictionary<string, NamedTensor> moments, IReadOnlyDictionary<string, string> otherMetadata) = SafeTensors.Read(optimiser,
            optimiserName);
        long version = ParameterFiles.Number(metadata, "version", weightsName), steps = ParameterFiles.Number(
            metadata, "steps", weightsName);
        if (metadata.GetValueOrDefault("format") != Format
            || metadata.GetValueOrDefault("seed") != learner.Seed.ToString(CultureInfo.InvariantCulture))
        {
            throw new InvalidInputException($"{weightsName}: expected a checkpoint of format {Format} and seed {learner.Seed}");
        }
        if (metadata.Any(entry => otherMetadata.GetValueOrDefault(entry.Key) != entry.Value))
        {
            throw new InvalidInputException(
                $"{optimiserName}: expected the optimiser's state at policy version {version}, the one of {weightsName}");
        }
        foreach (ParameterTensor tensor in learner.Model.Parameters)
        {
            ParameterFiles.Load(values, tensor, tensor.Name, learner.Optimiser.Parameters, weightsName);
            ParameterFiles.Load(moments, tensor, tensor.Name + ParameterFiles.MeanSuffix, learner.Optimiser.Mean, optimiserName);
            ParameterFiles.Load(moments, tensor, tensor.Name + ParameterFiles.SquareSuffix, learner.Optimiser.Square, optimiserName);
        }
        learner.ContinueFrom(version, steps);
    }

    /// <summary>The policy in a weights file, whatever seed it was trained with.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or holds the policy of another model.</exception>
    public static PolicySnapshot ReadPolicy(NetworkModel model, Stream weights, string weightsName)
    {
        (IReadOnlyDictionary<string, NamedTensor> values, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(weights,
            weightsName);
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidInputException($"{weightsName}: expected a checkpoint of format {Format}");
        }
        AlignedBuffer parameters = new(model.Layout.Length);
        foreach (ParameterTensor tensor in model.Parameters.Take(model.ActorTensors))
        {
            ParameterFiles.Load(values, tensor, tensor.Name, parameters, weightsName);
        }
        return new PolicySnapshot(model, ParameterFiles.Number(metadata, "version", weightsName), parameters.Span);
    }

    private static Dictionary<string, string> Metadata(PpoLearner learner) => new()
    {
        ["format"] = Format,
        ["seed"] = learner.Seed.ToString(CultureInfo.InvariantCulture),
        ["version"] = learner.Policy.Version.ToString(CultureInfo.InvariantCulture),
        ["steps"] = learner.Optimiser.Steps.ToString(CultureInfo.InvariantCulture),
    };
}

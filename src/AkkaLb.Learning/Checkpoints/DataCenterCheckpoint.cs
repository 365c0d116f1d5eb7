using System.Globalization;
using System.Runtime.InteropServices;
using AkkaLb.Domain;
using AkkaLb.Learning.DataCenter.Agents;
using AkkaLb.Learning.DataCenter.Learners;
using AkkaLb.Learning.DataCenter.Models;
using AkkaLb.Learning.DataCenter.Replay;
using AkkaLb.Learning.Kernels;
using AkkaLb.Learning.Layers;

namespace AkkaLb.Learning.Checkpoints;

/// <summary>
/// The state of a <see cref="DataCenterTrainer"/> between two episodes: the weights and target weights by PyTorch's names and in its order,
/// Adam's moments, and a file with normalisers, temperatures and replays. Random streams need no place: they are addressed by episode and
/// step. A restored trainer goes on with the same bits.
/// </summary>
public static class DataCenterCheckpoint
{
    public const string WeightsFile = "weights.safetensors", OptimiserFile = "optimiser.safetensors", ReplayFile = "replay.bin";

    private const string Format = "akkalb-datacenter-1";
    private const string TargetSuffix = ".target";

    // "ALBR" and the layout's number.
    private const uint Magic = 0x52424C41, Layout = 1;

    public static void WriteWeights(DataCenterTrainer trainer, Stream stream) => SafeTensors.Write(
        stream,
        [.. Nets(trainer).SelectMany(net => ParameterFiles.Tensors(net.Layout.Tensors, net.Optimiser.Parameters, net.Name + ".").Concat(
            net.Target is null ? [] : ParameterFiles.Tensors(net.Layout.Tensors, net.Target, net.Name + ".", TargetSuffix)))],
        Metadata(trainer));

    public static void WriteOptimiser(DataCenterTrainer trainer, Stream stream) => SafeTensors.Write(
        stream,
        [.. Nets(trainer).SelectMany(net => ParameterFiles.Tensors(
            net.Layout.Tensors, net.Optimiser.Mean, net.Name + ".", ParameterFiles.MeanSuffix)
            .Concat(ParameterFiles.Tensors(net.Layout.Tensors, net.Optimiser.Square, net.Name + ".", ParameterFiles.SquareSuffix)))],
        Metadata(trainer));

    /// <summary>Writes what the agents have beside their nets, little-endian.</summary>
    public static void WriteReplay(DataCenterTrainer trainer, Stream stream)
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Layout);
        writer.Write(trainer.Episode);
        foreach (BalancingAgent agent in trainer.Agents)
        {
            writer.Write(agent.Updates);
            foreach (TrainedNet net in agent.Nets)
            {
                writer.Write(net.Optimiser.Steps);
            }
            Write(writer, agent.State);
            writer.Write(agent.Normaliser.Count);
            Write(writer, agent.Normaliser.Mean);
            Write(writer, agent.Normaliser.Squares);
            writer.Write(agent.Replay.Count);
            for (int i = 0; i < agent.Replay.Count; i++)
            {
                EpisodeRecord episode = agent.Replay[i];
                writer.Write(episode.Steps);
                foreach (float[] part in new[] { episode.Features, episode.Actions, episode.Rewards })
                {
                    writer.Write(part.Length);
                    writer.Write(MemoryMarshal.AsBytes(part.AsSpan()));
                }
            }
        }
    }

    /// <summary>Brings a fresh trainer of the same options and seed to the saved state.</summary>
    /// <param name="folder">Named in errors.</param>
    /// <param name="open">Opens a file of the checkpoint by its name.</param>
    /// <exception cref="InvalidInputException">A file is damaged, or belongs to another training or moment.</exception>
    public static void Restore(DataCenterTrainer trainer, string folder, Func<string, Stream> open)
    {
        string weightsName = Path.Combine(folder, WeightsFile), optimiserName = Path.Combine(folder, OptimiserFile);
        using Stream weights = open(WeightsFile), optimiser = open(OptimiserFile), replay = open(ReplayFile);
        (IReadOnlyDictionary<string, NamedTensor> values, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(weights,
            weightsName);
        (IReadOnlyDictionary<string, NamedTensor> moments, IReadOnlyDictionary<string, string> otherMetadata) = SafeTensors.Read(optimiser,
            optimiserName);
        ReadReplay(trainer, replay, Path.Combine(folder, ReplayFile));
        foreach ((string key, string expected) in Metadata(trainer))
        {
            foreach ((string name, IReadOnlyDictionary<string, string> found) in new[] { (weightsName, metadata),
                (optimiserName, otherMetadata) })
            {
                if (found.GetValueOrDefault(key) != expected)
                {
                    throw new InvalidInputException($"{name}: expected {key} {expected}, found {found.GetValueOrDefault(key, "none")}");
                }
            }
        }
        foreach (TrainedNet net in Nets(trainer))
        {
            foreach (ParameterTensor tensor in net.Layout.Tensors)
            {
                string name = $"{net.Name}.{tensor.Name}";
                ParameterFiles.Load(values, tensor, name, net.Optimiser.Parameters, weightsName);
                ParameterFiles.Load(moments, tensor, name + ParameterFiles.MeanSuffix, net.Optimiser.Mean, optimiserName);
                ParameterFiles.Load(moments, tensor, name + ParameterFiles.SquareSuffix, net.Optimiser.Square, optimiserName);
                if (net.Target is not null)
                {
                    ParameterFiles.Load(values, tensor, name + TargetSuffix, net.Target, weightsName);
                }
            }
            net.ParametersChanged();
        }
    }

    private static void ReadReplay(DataCenterTrainer trainer, Stream stream, string name)
    {
        using BinaryReader reader = new(stream);
        try
        {
            Expect(reader.ReadUInt32() == Magic && reader.ReadUInt32() == Layout, "it does not begin as one");
            trainer.Episode = reader.ReadInt64();
            foreach (BalancingAgent agent in trainer.Agents)
            {
                agent.Updates = reader.ReadInt64();
                foreach (TrainedNet net in agent.Nets)
                {
                    net.Optimiser.Steps = reader.ReadInt64();
                }
                Read(reader, agent.State);
                double[] mean = new double[agent.Normaliser.Mean.Length], squares = new double[mean.Length];
                long count = reader.ReadInt64();
                Read(reader, mean);
                Read(reader, squares);
                agent.Normaliser.Restore(count, mean, squares);
                var episodes = new EpisodeRecord[reader.ReadInt32()];
                for (int i = 0; i < episodes.Length; i++)
                {
                    EpisodeRecord read = new(reader.ReadInt32(), ReadFloats(reader), ReadFloats(reader), ReadFloats(reader));
                    long steps = read.Steps;
                    Expect(
                        (read.Features.Length, read.Actions.Length, read.Rewards.Length)
                            == ((steps + 1) * agent.Widths.Features, steps * agent.Widths.Actions, steps),
                        $"episode {i} of {agent.Name} has not the features, actions and rewards of {steps} steps");
                    episodes[i] = read;
                }
                agent.Replay.Add(episodes);
            }
            Expect(stream.ReadByte() < 0, "there is more behind its end");
        }
        catch (Exception e) when (
            e is IOException or InvalidDataException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new InvalidInputException($"{name}: expected a whole replay file: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        static void Expect(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new InvalidDataException(otherwise);
            }
        }
    }

    private static IEnumerable<TrainedNet> Nets(DataCenterTrainer trainer) => trainer.Agents.SelectMany(agent => agent.Nets);

    private static Dictionary<string, string> Metadata(DataCenterTrainer trainer) => new()
    {
        ["format"] = Format,
        ["method"] = trainer.Options.Method.ToString(),
        ["seed"] = trainer.Seed.ToString(CultureInfo.InvariantCulture),
        ["episode"] = trainer.Episode.ToString(CultureInfo.InvariantCulture),
    };

    private static void Write(BinaryWriter writer, ReadOnlySpan<double> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    private static void Read(BinaryReader reader, Span<double> values)
    {
        int length = reader.ReadInt32();
        if (length != values.Length)
        {
            throw new InvalidDataException($"{length} numbers, expected {values.Length}");
        }
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
    }

    private static float[] ReadFloats(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length / sizeof(float))
        {
            throw new InvalidDataException($"{length} numbers");
        }
        float[] values = new float[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}

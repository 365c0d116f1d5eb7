using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace AkkaLb.Learning.Export;

/// <summary>Builds a graph of the Open Neural Network Exchange format (operator set 17), node after node.</summary>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8, OperatorSet = 17;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, string> _metadata = [];
    private int _nodes;

    /// <summary>A float input; a first dimension of any size called <c>batch</c>, then these.</summary>
    public string Input(string input, params ReadOnlySpan<int> widths)
    {
        _graph.Input.Add(Value(input, widths));
        return input;
    }

    /// <summary>Names a result; the same shape as for <see cref="Input"/>.</summary>
    public void Output(string output, string source, params ReadOnlySpan<int> widths)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { source }, Output = { output }, Name = output });
        _graph.Output.Add(Value(output, widths));
    }

    public string Constant(string constant, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(constant, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    public string Constant(string constant, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Constant(constant, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A node of one output, whose name is returned.</summary>
    public string Node(string operation, params string[] inputs) => Node(operation, inputs, []);

    public string Node(string operation, string[] inputs, params AttributeProto[] attributes) => Node(operation, inputs, 0, attributes);

    /// <param name="skipped">Outputs before it that nobody needs.</param>
    public string Node(string operation, string[] inputs, int skipped, params AttributeProto[] attributes)
    {
        string output = $"{operation.ToLowerInvariant()}.{_nodes++}";
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.AddRange(Enumerable.Repeat("", skipped));
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }

    public static AttributeProto Number(string attribute, long value) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Numbers(string attribute, params long[] values) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    /// <summary>Something that a reader of the file should know.</summary>
    public void Describe(string key, string text) => _metadata[key] = text;

    public byte[] Build()
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "akkalb",
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        };
        model.MetadataProps.AddRange(_metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model.ToByteArray();
    }

    private string Constant(string constant, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = constant, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return constant;
    }

    private static ValueInfoProto Value(string value, ReadOnlySpan<int> widths)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        foreach (int width in widths)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = width });
        }

        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = type } };
    }
}

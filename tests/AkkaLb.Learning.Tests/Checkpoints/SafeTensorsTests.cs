using System.Buffers.Binary;
using System.Text;
using AkkaLb.Domain;
using AkkaLb.Learning.Checkpoints;

namespace AkkaLb.Learning.Tests.Checkpoints;

public class SafeTensorsTests
{
    private static readonly NamedTensor[] Tensors =
        [new("b", [2], [1.5f, -2f]), new("w", [2, 3], [0f, float.Epsilon, float.MaxValue, 3f, 4f, 5f])];

    private static byte[] Write()
    {
        using MemoryStream stream = new();
        SafeTensors.Write(stream, Tensors, new Dictionary<string, string> { ["version"] = "3" });
        return stream.ToArray();
    }

    [Fact]
    public void Write_Tensors_GivesTheDocumentedBytes()
    {
        byte[] bytes = Write();
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Encoding.UTF8.GetString(bytes, 8, header).TrimEnd().ShouldBe(
            """{"__metadata__":{"version":"3"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
            + ""","w":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}}""");
        (header % 8).ShouldBe(0);
        bytes.Length.ShouldBe(8 + header + 32);
        bytes[(8 + header)..(12 + header)].ShouldBe([0, 0, 0xC0, 0x3F]);
    }

    [Fact]
    public void Read_WrittenTensors_GivesThemBack()
    {
        (var tensors, var metadata) = SafeTensors.Read(new MemoryStream(Write()), "a");
        metadata["version"].ShouldBe("3");
        tensors.Count.ShouldBe(2);
        foreach (NamedTensor tensor in Tensors)
        {
            tensors[tensor.Name].Shape.ShouldBe(tensor.Shape);
            tensors[tensor.Name].Values.ShouldBe(tensor.Values);
        }
    }

    [Fact]
    public void Read_AnyTruncation_IsAClearError()
    {
        byte[] bytes = Write();
        for (int length = 0; length < bytes.Length; length++)
        {
            string message = Should.Throw<InvalidInputException>(() =>
                SafeTensors.Read(new MemoryStream(bytes, 0, length), "a.safetensors")).Message;
            message.ShouldStartWith("a.safetensors: expected a whole safetensors file");
        }
    }

    [Fact]
    public void Read_TensorTwice_IsAClearError()
    {
        byte[] header = System.Text.Encoding.UTF8.GetBytes(
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0];
        Should.Throw<InvalidInputException>(() => SafeTensors.Read(new MemoryStream(bytes), "a.safetensors")).Message
            .ShouldStartWith("a.safetensors: expected a whole safetensors file");
    }

    [Fact]
    public void Read_HugeHeader_IsRefusedBeforeItIsRead()
    {
        byte[] bytes = new byte[16];
        bytes.AsSpan(0, 8).Fill(0x7F);
        Should.Throw<InvalidInputException>(() => SafeTensors.Read(new MemoryStream(bytes), "a"));
    }
}

using System.Buffers.Binary;
using AkkaLb.Runtime.Runs;
using Google.Protobuf;

namespace AkkaLb.Runtime.Tests.Runs;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checksum_KnownBytes_IsTheMaskedChecksumOfTensorFlow() =>
        // CRC-32C of "123456789" is e3069283; rotated right by 15 bits, plus a282ead8.
        TensorBoardLog.Checksum("123456789"u8).ShouldBe(unchecked(((0xe3069283u >> 15) | (0xe3069283u << 17)) + 0xa282ead8u));

    [Fact]
    public void Write_Scalars_AreRecordsThatReadBack()
    {
        RunFolder folder = RunFolder.Create(_folder["run"], "", "run");
        using (TensorBoardLog log = TensorBoardLog.Create(folder, TimeProvider.System))
        {
            log.Write(3, ("episode/phi", 0.25), ("episode/reward", -1.5));
            log.Write(4, ("episode/phi", 0.125));
        }

        byte[] bytes = File.ReadAllBytes(Directory.GetFiles(folder[TensorBoardLog.Folder], "events.out.tfevents.*").Single());
        List<(long Step, string Text, List<(string Tag, float Value)> Scalars)> events = [.. Records(bytes).Select(Event)];
        events.Count.ShouldBe(3);
        events[0].Text.ShouldBe("brain.Event:2");
        events[1].ShouldSatisfyAllConditions(
            e => e.Step.ShouldBe(3), e => e.Scalars.ShouldBe([("episode/phi", 0.25f), ("episode/reward", -1.5f)]));
        events[2].ShouldSatisfyAllConditions(e => e.Step.ShouldBe(4), e => e.Scalars.ShouldBe([("episode/phi", 0.125f)]));
    }

    [Fact]
    public void Create_SecondTime_LeavesTheFirstFile()
    {
        RunFolder folder = RunFolder.Create(_folder["run"], "", "run");
        TensorBoardLog.Create(folder, TimeProvider.System).Dispose();
        TensorBoardLog.Create(folder, TimeProvider.System).Dispose();
        Directory.GetFiles(folder[TensorBoardLog.Folder]).Length.ShouldBe(2);
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)).ShouldBe(TensorBoardLog.Checksum(file.AsSpan(at, 8)));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)).ShouldBe(TensorBoardLog.Checksum(data));
            at += 16 + length;
            yield return data;
        }
    }

    private static (long Step, string Text, List<(string Tag, float Value)> Scalars) Event(byte[] data)
    {
        var input = new CodedInputStream(data);
        (long step, string text, List<(string, float)> scalars) = (0, "", []);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (tag >> 3)
            {
                case 1:
                    input.ReadDouble().ShouldBeGreaterThan(1.6e9);
                    break;
                case 2:
                    step = input.ReadInt64();
                    break;
                case 3:
                    text = input.ReadString();
                    break;
                default:
                    var summary = input.ReadBytes().CreateCodedInput();
                    while (summary.ReadTag() != 0)
                    {
                        var value = summary.ReadBytes().CreateCodedInput();
                        value.ReadTag().ShouldBe(10u);
                        string name = value.ReadString();
                        value.ReadTag().ShouldBe(21u);
                        scalars.Add((name, value.ReadFloat()));
                    }

                    break;
            }
        }

        return (step, text, scalars);
    }
}

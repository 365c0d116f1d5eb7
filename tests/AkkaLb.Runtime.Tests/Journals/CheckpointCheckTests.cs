using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Journals;

public sealed class CheckpointCheckTests : JournalTest
{
    private const string DataCenter = """
        akkalb {
          family = datacenter, method = distr-lb, checkpoint.interval = 0s
          datacenter {
            policies = [sed], repetitions = 1, traffic.duration = 5s
            learning { episodes = 3, warm-up = 2, updates = 1, batch = 2, sequence = 4, burn-in = 1, hidden = 4, duration = 5s }
          }
        }
        """;

    [Theory]
    [InlineData(Small)]
    [InlineData(DataCenter)]
    public async Task Checkpoint_AFlippedByteOfAnyFile_IsRefusedByNameAndFoundByVerify(string experiment)
    {
        await Run("run", experiment);
        VerifyProblems().ShouldBeEmpty();
        File.Delete(Path.Combine(Folder["run"], RunFolder.SummaryFile));
        string[] files = Directory.GetFiles(Path.Combine(Folder["run"], RunFolder.CheckpointFolder));
        files.Length.ShouldBeGreaterThanOrEqualTo(4);
        foreach (string file in files)
        {
            byte[] sound = File.ReadAllBytes(file), damaged = [.. sound];
            damaged[damaged.Length / 2] ^= 1;
            File.WriteAllBytes(file, damaged);
            ShouldBeOneLine(await Should.ThrowAsync<InvalidInputException>(() => Resume("run")), file, "damaged");
            VerifyProblems().ShouldHaveSingleItem().ShouldContain(file);
            File.WriteAllBytes(file, sound);
        }
        VerifyProblems().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(DataCenter)]
    public async Task Checkpoint_WithoutItsSums_IsComparedWithTheJournal(string experiment)
    {
        await Run("run", experiment);
        File.Delete(Path.Combine(Folder["run"], RunFolder.SummaryFile));
        string folder = Path.Combine(Folder["run"], RunFolder.CheckpointFolder);
        File.Delete(Path.Combine(folder, "SHA256SUMS"));
        ShouldBeOneLine(await Should.ThrowAsync<InvalidInputException>(() => Resume("run")), folder, "which the journal holds");
        VerifyProblems().ShouldHaveSingleItem().ShouldContain(folder);
    }

    [Fact]
    public async Task Policy_OfADamagedCheckpoint_IsRefused()
    {
        await Run("trained");
        string file = Path.Combine(Folder["trained"], RunFolder.CheckpointFolder, "weights.safetensors");
        byte[] damaged = File.ReadAllBytes(file);
        damaged[^5] ^= 4;
        File.WriteAllBytes(file, damaged);
        string onnx = Path.Combine(Folder["trained"], "onnx");
        ShouldBeOneLine(
            Should.Throw<InvalidInputException>(() => Runtime.Export.OnnxExport.Write(Folder["trained"], null)), file, "damaged");
        Directory.Exists(onnx).ShouldBeFalse();
        foreach (string policy in new[] { Folder["trained"], file })
        {
            InvalidInputException refused = await Should.ThrowAsync<InvalidInputException>(
                () => Run("given", overrides: [$"network.policy={policy}", "network.mode=asynchronous", "network.asynchronous.until=1s"]));
            ShouldBeOneLine(refused, file, "damaged");
        }
    }

    private IReadOnlyList<string> VerifyProblems()
    {
        using Runtime.Journals.JournalReader reader = Open("run");
        return Runtime.Journals.JournalVerifier.Verify(reader, RunFolder.Open(Folder["run"])).Problems;
    }
}

using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Runs;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Again_ReplacesAll()
    {
        Write("a");
        Write("b");
        Read().ShouldBe("b");
        Directory.GetDirectories(_folder.FullPath).ShouldBe([_folder["state"]]);
        CheckpointSums.Problem(_folder["state"]).ShouldBeNull();
    }

    /// <summary>A process died between its two moves, and the next one does when it comes to them.</summary>
    [Fact]
    public void Write_FailsAfterAnEarlierFailure_LeavesTheOldOne()
    {
        Write("a");
        Directory.Move(_folder["state"], _folder["state.old"]);
        _folder.Write("state", "a file is in the way");
        Should.Throw<IOException>(() => Write("b"));
        File.Delete(_folder["state"]);
        Read().ShouldBe("a");
        Write("c");
        Read().ShouldBe("c");
    }

    private void Write(string content) => Checkpoint.Write(
        _folder["state"],
        new Dictionary<string, Action<Stream>> { ["x"] = stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)) });

    private string Read() => File.ReadAllText(Path.Combine(Checkpoint.Find(_folder["state"])!, "x"));
}

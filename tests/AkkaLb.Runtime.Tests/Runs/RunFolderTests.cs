using AkkaLb.Domain;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Runtime.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_WithoutRequest_TakesTheFirstFreeName()
    {
        RunFolder.Create(null, _folder.FullPath, "a").FullPath.ShouldBe(_folder["a"]);
        RunFolder.Create(null, _folder.FullPath, "a").FullPath.ShouldBe(_folder["a-2"]);
        RunFolder.Create(null, _folder.FullPath, "a").FullPath.ShouldBe(_folder["a-3"]);
    }

    [Fact]
    public async Task Create_ManyAtOnce_GetFoldersOfTheirOwn()
    {
        using Barrier together = new(4);
        for (int round = 0; round < 50; round++)
        {
            string name = $"run-{round}";
            string[] folders = await Task.WhenAll(Enumerable.Range(0, together.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return RunFolder.Create(null, _folder.FullPath, name).FullPath;
                },
                TaskCreationOptions.LongRunning)));
            folders.ShouldBeUnique();
        }
    }

    [Fact]
    public void Create_RequestedEmptyFolder_IsUsed()
    {
        Directory.CreateDirectory(_folder["empty"]);
        RunFolder.Create(_folder["empty"], "", "").FullPath.ShouldBe(_folder["empty"]);
    }

    [Fact]
    public void Create_RequestedFolderInUse_IsRefused()
    {
        _folder.Write("something", "");
        Should.Throw<InvalidInputException>(() => RunFolder.Create(_folder.FullPath, "", "")).Message.ShouldStartWith(_folder.FullPath);
    }

    [Fact]
    public void ShownPath_BelowTheWorkingDirectory_IsRelative()
    {
        RunFolder.At(Path.Combine(Environment.CurrentDirectory, "runs", "a")).ShownPath.ShouldBe(Path.Combine("runs", "a"));
        RunFolder.At(_folder.FullPath).ShownPath.ShouldBe(_folder.FullPath);
    }

    [Fact]
    public void Open_FolderWithoutConfiguration_SaysWhatItExpects() =>
        Should.Throw<InvalidInputException>(() => RunFolder.Open(_folder.FullPath)).Message.ShouldContain(RunFolder.ConfigurationFile);

    [Fact]
    public void Write_FailingContent_LeavesTheOldFile()
    {
        RunFolder folder = RunFolder.Create(_folder["run"], "", "");
        folder.Write("a.txt", "old");
        Should.Throw<IOException>(() => folder.Write("a.txt", stream =>
        {
            stream.WriteByte(0);
            throw new IOException("disk full");
        }));
        File.ReadAllText(folder["a.txt"]).ShouldBe("old");
    }
}

using AkkaLb.Domain;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;

namespace AkkaLb.Runtime.Runs;

/// <summary>The folder of a run that begins, locked, before anything is in it.</summary>
internal sealed class NewRun : IDisposable
{
    private readonly IDisposable _guard;

    private NewRun(RunFolder folder, Config resolved, IDisposable guard) => (Folder, Resolved, _guard) = (folder, resolved, guard);

    public RunFolder Folder { get; }

    /// <summary>The configuration with the run's name in a database that runs share: the folder may be called otherwise later.</summary>
    public Config Resolved { get; }

    /// <param name="name">Where the user has not chosen a folder.</param>
    /// <exception cref="InvalidInputException">
    /// The folder or the journal cannot be this run's: nothing was written, and the right command can follow.
    /// </exception>
    public static NewRun Begin(Config resolved, ExperimentRequest request, string name)
    {
        bool isOurs = request.OutputFolder is null || !Directory.Exists(request.OutputFolder);
        RunFolder folder = RunFolder.Create(request.OutputFolder, resolved.GetString("akkalb.runs", "runs"), name);
        IDisposable guard = folder.Lock();
        try
        {
            resolved = JournalLocation.Name(resolved, folder);
            RunJournal.CheckFree(resolved, request.Source, folder);
            return new NewRun(folder, resolved, guard);
        }
        catch
        {
            guard.Dispose();
            File.Delete(folder[RunFolder.LockFile]);
            if (isOurs)
            {
                Directory.Delete(folder.FullPath);
            }
            throw;
        }
    }

    public void Dispose() => _guard.Dispose();
}

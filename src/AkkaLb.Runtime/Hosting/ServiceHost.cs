using Akka.Actor;
using AkkaLb.Agents.Journals;
using AkkaLb.Hocon;
using AkkaLb.Runtime.Experiments;
using AkkaLb.Runtime.Journals;
using AkkaLb.Runtime.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace AkkaLb.Runtime.Hosting;

/// <summary>
/// The actor system of a service that goes on until it is stopped, with a journal in a folder of its own. Unlike a run it survives the
/// failure of its journal: whoever owns it is told, and goes on without what its agents decide.
/// </summary>
public sealed class ServiceHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly JournalLocation? _location;
    private readonly IDisposable _lock;

    private ServiceHost(IHost host, JournalLocation? location, AgentJournal? agents, IDisposable @lock)
    {
        (_host, _location, Agents, _lock) = (host, location, agents, @lock);
        System = host.Services.GetRequiredService<ActorSystem>();
    }

    public ActorSystem System { get; }

    /// <summary>Where agents store; null: nowhere.</summary>
    public AgentJournal? Agents { get; }

    /// <summary>Whether the journal can be opened now; true without one.</summary>
    public bool HasJournal
    {
        get
        {
            if (_location is null)
            {
                return true;
            }
            try
            {
                JournalDatabase.OpenToRead(_location, _location.Events).Dispose();
                return true;
            }
            catch (Domain.InvalidInputException)
            {
                return false;
            }
        }
    }

    /// <summary>Starts the system.</summary>
    /// <param name="configuration">Its section <c>akka</c> reaches the actor system, <c>akkalb.journal</c> says where agents store.</param>
    /// <param name="source">Named in errors.</param>
    /// <param name="folder">Made where it is not there; of one process at a time.</param>
    /// <param name="keep">How long events stay in the journal; zero: for ever. What agents know stays.</param>
    /// <param name="failed">Called with one line when the journal fails; by any thread, perhaps several times.</param>
    /// <param name="key">What says where the folder is, named in errors.</param>
    /// <exception cref="Domain.InvalidInputException">A key is not as expected, or another process has the folder.</exception>
    /// <exception cref="RunFailedException">The journal cannot be written, or the system does not start.</exception>
    public static async Task<ServiceHost> StartAsync(
        Config configuration, string source, string folder, TimeSpan keep, ILogger log, Action<string> failed, string key)
    {
        Config resolved = configuration.WithFallback(Configuration.ConfigurationLoader.Reference);
        await ActorSystemComposition.CheckAsync(configuration, source);
        RunFolder state = RunFolder.At(folder);
        JournalLocation? location = JournalLocation.Read(resolved, source, state);
        string where = $"{source}: '{key}'";
        CreateFolder(state[JournalLocation.Folder], where);
        IDisposable taken = Lock(state, where);
        try
        {
            if (location is not null)
            {
                JournalDatabase.Prepare(location, isNew: true);
            }
            AgentJournal? agents = location is null ? null : new AgentJournal(
                location.Prefix, location.SnapshotEvery, e => JournalDatabase.Describe(e, location), failed)
            {
                Keep = keep,
            };
            IHost host = ActorSystemComposition.Build(resolved, location, log);
            try
            {
                await host.StartAsync();
            }
            catch (Exception e)
            {
                host.Dispose();
                throw new RunFailedException($"the actor system does not start: {e.Message.ReplaceLineEndings(" ")}", e);
            }
            return new ServiceHost(host, location, agents, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_location is not null)
        {
            await JournalDatabase.CloseAsync(_location);
        }
        _lock.Dispose();
    }

    private static IDisposable Lock(RunFolder state, string where)
    {
        try
        {
            return state.Lock("a state folder");
        }
        catch (Domain.InvalidInputException e)
        {
            throw new Domain.InvalidInputException($"{where}: {e.Message}", e);
        }
    }

    /// <summary>Makes a folder for what a service keeps.</summary>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="Domain.InvalidInputException">It cannot be made.</exception>
    public static void CreateFolder(string path, string source)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Domain.InvalidInputException(
                $"{source}: expected a folder for its state that can be made, found {path}: {e.Message}", e);
        }
    }
}

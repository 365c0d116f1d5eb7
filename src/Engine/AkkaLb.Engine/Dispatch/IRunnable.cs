namespace Akka.Dispatch;

/// <summary>A unit of work that a dispatcher can execute.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    /// <summary>Runs the work on the calling thread.</summary>
    void Run();
}

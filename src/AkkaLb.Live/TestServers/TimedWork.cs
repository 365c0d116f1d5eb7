namespace AkkaLb.Live.TestServers;

/// <summary>Work that takes time and nothing else. A change of speed stretches or shortens what is left of the work that goes on.</summary>
internal sealed class TimedWork(double speed, TimeProvider time) : IWork
{
    private readonly Lock _lock = new();
    private readonly HashSet<Piece> _pieces = [];
    private double _speed = speed;

    public void SetSpeed(double speed)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            foreach (Piece piece in _pieces)
            {
                piece.Left -= time.GetElapsedTime(piece.Since, now).TotalSeconds * _speed;
                piece.Since = now;
                piece.Timer!.Change(Duration(piece.Left, speed), Timeout.InfiniteTimeSpan);
            }
            _speed = speed;
        }
    }

    public async Task RunAsync(TimeSpan work, CancellationToken cancellation)
    {
        if (work <= TimeSpan.Zero)
        {
            return;
        }
        Piece piece = new() { Left = work.TotalSeconds };
        lock (_lock)
        {
            piece.Since = time.GetTimestamp();
            piece.Timer = time.CreateTimer(
                static state => ((Piece)state!).Done.TrySetResult(), piece, Duration(piece.Left, _speed), Timeout.InfiniteTimeSpan);
            _pieces.Add(piece);
        }
        try
        {
            await using (cancellation.UnsafeRegister(static (state, token) => ((Piece)state!).Done.TrySetCanceled(token), piece))
            {
                await piece.Done.Task;
            }
        }
        finally
        {
            lock (_lock)
            {
                _pieces.Remove(piece);
            }
            await piece.Timer.DisposeAsync();
        }
    }

    private static TimeSpan Duration(double work, double speed) => TimeSpan.FromSeconds(Math.Max(0, work / speed));

    private sealed class Piece
    {
        public readonly TaskCompletionSource Done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ITimer? Timer;

        /// <summary>Seconds of work left at <see cref="Since"/>.</summary>
        public double Left;

        public long Since;
    }
}

namespace AkkaLb.Live.TestServers;

/// <summary>One server as <c>GET /status</c> tells it.</summary>
/// <param name="Up">Whether it listens.</param>
/// <param name="Busy">Requests in service.</param>
/// <param name="Waiting">Requests that wait for a slot.</param>
/// <param name="Served">Answers 200 since the start.</param>
/// <param name="Refused">Answers 503, because the line was full.</param>
/// <param name="Faulty">Answers 500 and resets.</param>
/// <param name="Broken">Requests whose client or server went away before the answer.</param>
public sealed record ServerStatus(
    int Server, string Address, int Slots, bool Up, double Speed, int Busy, int Waiting, long Served, long Refused, long Faulty,
    long Broken);

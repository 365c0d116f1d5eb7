using AkkaLb.Domain.DataCenter.Estimation;

namespace AkkaLb.Live.Steering;

/// <summary>HAProxy: observed by <c>show stat</c>, steered by <c>set server … weight</c> or by answers to its agent checks.</summary>
internal sealed class HaproxyBalancer : ISteeredBalancer
{
    /// <summary>HAProxy's largest weight.</summary>
    private const int Most = 256;

    // Of the mean server: a hundredth can be told, and one may have two and a half times as much.
    private const int Mean = 100;

    private readonly HaproxyTarget _target;
    private readonly IReadOnlyList<SteeredServer> _servers;
    private readonly HaproxySocket _socket;
    private readonly CounterSampler _sampler;
    private readonly HaproxyAgent? _agent;

    /// <param name="agentKey">What says where agent checks are answered, for the message.</param>
    /// <param name="troubled">Is told why no agent checks can be answered for now, and null when they are again.</param>
    /// <exception cref="Domain.InvalidInputException">The agent's address cannot be listened on.</exception>
    public HaproxyBalancer(
        HaproxyTarget target, IReadOnlyList<SteeredServer> servers, string agentKey, TimeProvider time, Action<string?> troubled)
    {
        (_target, _servers) = (target, servers);
        _socket = new HaproxySocket(target.Socket);
        _sampler = new CounterSampler(servers.Count);
        _agent = target.Agent is { } address ? new HaproxyAgent(address, agentKey, time, troubled) : null;
    }

    public bool HasBegunAnew => _sampler.HasBegunAnew;

    public async Task<IReadOnlyList<Passage>> ObserveAsync(long now, CancellationToken cancellation) =>
        _sampler.Look(HaproxyStatistics.Read(await _socket.AskAsync("show stat", cancellation), _target.Backend, _servers), now);

    public async Task ApplyAsync(IReadOnlyList<float> weights, CancellationToken cancellation)
    {
        int[] whole = WholeWeights.Of(weights, Mean, Most);
        if (_agent is not null)
        {
            _agent.Set(_servers.Index().ToDictionary(server => server.Item.Name, server => whole[server.Index]));
            return;
        }
        for (int j = 0; j < whole.Length; j++)
        {
            string answer = await _socket.AskAsync($"set server {_target.Backend}/{_servers[j].Name} weight {whole[j]}", cancellation);
            if (answer.Trim() is { Length: > 0 } problem)
            {
                throw new IOException($"HAProxy does not take the weight of {_servers[j].Name}: {problem}");
            }
        }
    }

    public ValueTask DisposeAsync() => _agent?.DisposeAsync() ?? ValueTask.CompletedTask;
}

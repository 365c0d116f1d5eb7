using Yarp.ReverseProxy.Configuration;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>Whether YARP has taken over the last configuration that it was given; it tells its log alone what it does not take.</summary>
internal sealed class AppliedConfiguration : IConfigChangeListener
{
    /// <summary>Null: it has.</summary>
    public Exception? Failure { get; private set; }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Failure = exception;

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs) => Failure = null;

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Failure = null;

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Failure = exception;
}

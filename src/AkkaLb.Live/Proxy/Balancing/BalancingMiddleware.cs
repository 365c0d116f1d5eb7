using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using AkkaLb.Agents.Telemetry;
using AkkaLb.Domain.DataCenter.Estimation;
using AkkaLb.Live.Proxy.Guards;
using AkkaLb.Live.Proxy.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace AkkaLb.Live.Proxy.Balancing;

/// <summary>
/// Stands in YARP's pipeline behind session affinity and before the forwarder: picks a server and takes a place there, and gives it back
/// when the request has ended, however it ended. YARP itself counts a request only after it was assigned, and leaves out the choice where
/// one server is left.
/// </summary>
internal sealed class BalancingMiddleware(RequestDelegate next, ClusterRegistry clusters, ILogger<BalancingMiddleware> log)
{
    /// <summary>Header of answers: CLUSTER.DECISION.NUMBER.</summary>
    public const string RequestHeader = "x-akkalb-request";

    public async Task InvokeAsync(HttpContext context)
    {
        IReverseProxyFeature proxy = context.GetReverseProxyFeature();
        if (!clusters.TryGet(proxy.Cluster.Config.ClusterId, out BalancedCluster? cluster))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        if (!RequestTarget.TryMake(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out string? target))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (!IsChunkedAtMost(context.Request.Headers.TransferEncoding))
        {
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            return;
        }
        RequestFeature request = new(cluster.Clock) { Target = target };
        context.Features.Set(request);
        cluster.Retries.Earn();
        ConnectionHeaders.Remove(context.Request.Headers, context.Request.Headers.GetCommaSeparatedValues(HeaderNames.Connection));
        // YARP passes no trailers of requests on.
        context.Request.Headers.Remove(HeaderNames.Trailer);
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            // YARP would make a GET of it, for a connection that it upgrades.
            context.Request.Headers.Remove(HeaderNames.Upgrade);
        }
        PickRequest wanted = new(
            proxy.AvailableDestinations, ClientHash.Of(context.Connection.RemoteIpAddress), Except: -1);
        for (int attempt = 0; ; attempt++)
        {
            PickResult picked = cluster.Pick(wanted, out Reservation place, out WaitingLine.Waiter? waiter);
            if (waiter is not null)
            {
                (picked, place) = await WaitAsync(cluster, wanted, place, waiter, context.RequestAborted);
            }
            if (picked == PickResult.Gone)
            {
                return;
            }
            if (picked != PickResult.Picked)
            {
                Refuse(context, cluster, picked);
                return;
            }
            if (cluster.Options.RequestIds)
            {
                context.Response.Headers[RequestHeader] = string.Create(
                    CultureInfo.InvariantCulture, $"{cluster.Options.Name}.{place.Decision}.{place.Number}");
            }
            proxy.AvailableDestinations = place.Destination;
            request.Upgrading = MayBeUpgraded(context.Request) ? Unobserve(cluster, place) : null;
            using Activity? trace = Trace(context.Request, cluster, place, attempt);
            bool again = false;
            PassageKind outcome = PassageKind.Failed;
            try
            {
                await next(context);
                outcome = Outcome(context);
                Explain(context, cluster, place.Server, outcome);
                trace?.SetTag("outcome", outcome.ToString().ToLowerInvariant());
                again = outcome == PassageKind.Failed && attempt < cluster.Options.Retries.Most && MayRetry(context)
                    && cluster.Retries.TrySpend();
            }
            finally
            {
                HttpResponse response = context.Response;
                cluster.Release(
                    place with { IsObserved = !request.IsUpgraded }, outcome,
                    request.FirstByte == 0 ? -1 : request.FirstByte - place.Started, response.ContentLength ?? -1,
                    outcome == PassageKind.Abandoned ? 0 : response.StatusCode);
            }
            if (!again)
            {
                return;
            }
            Metrics.ProxyRetries.Add(1);
            wanted = wanted with { Except = place.Server.Number };
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            request.Reset();
        }
    }

    /// <summary>A request at a server; part of the trace that the request names, if it names one.</summary>
    private static Activity? Trace(HttpRequest request, BalancedCluster cluster, in Reservation place, int attempt)
    {
        if (!Traces.Source.HasListeners())
        {
            return null;
        }
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        return Traces.Source.StartActivity("proxy.request", ActivityKind.Server, parent)?
            .SetTag("cluster", cluster.Options.Name).SetTag("server", place.Server.Name).SetTag("decision", place.Decision)
            .SetTag("attempt", attempt);
    }

    private static PassageKind Outcome(HttpContext context)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure)
        {
            return context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? PassageKind.Failed : PassageKind.Answered;
        }
        return failure.Error switch
        {
            // Whoever asked went away, or sent what he should not, or has an upgraded connection that nobody uses.
            ForwarderError.RequestCreation or ForwarderError.UpgradeActivityTimeout
                or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
                or ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestCanceled
                or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient
                => PassageKind.Abandoned,
            _ => context.RequestAborted.IsCancellationRequested ? PassageKind.Abandoned : PassageKind.Failed,
        };
    }

    /// <summary>Says to the log why a server failed a request, and to the client that the request is what cannot be passed on.</summary>
    private void Explain(HttpContext context, BalancedCluster cluster, ServerSlot server, PassageKind outcome)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure)
        {
            return;
        }
        if (failure.Error == ForwarderError.RequestCreation && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        if (outcome == PassageKind.Failed && server.MaySay(cluster.Clock.Now))
        {
            string problem = failure.Exception?.GetBaseException().Message ?? "";
            log.RequestFailed(cluster.Options.Name, server.Name, failure.Error.ToString(), problem.ReplaceLineEndings(" "));
        }
    }

    /// <summary>
    /// Whether a request can be sent once more: nothing came back, nothing of it is used up, and twice is as good as once.
    /// </summary>
    private static bool MayRetry(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isIdempotent = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
            || HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method) || HttpMethods.IsTrace(request.Method);
        bool hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        return isIdempotent && !hasBody && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
            && context.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request or ForwarderError.RequestTimedOut } failure
            && !IsAnswered(failure.Exception);
    }

    /// <summary>Whether an answer came that is none, or too long.</summary>
    private static bool IsAnswered(Exception? failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded,
    };

    /// <summary>Any other transfer coding would be taken for the content's (RFC 9112, 6.1).</summary>
    private static bool IsChunkedAtMost(StringValues codings) => codings.Count == 0
        || (codings.Count == 1 && codings[0].AsSpan().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase));

    private static bool MayBeUpgraded(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method);

    // Apart, for what it captures to be made where it is needed only.
    private static Action Unobserve(BalancedCluster cluster, Reservation place) => () => cluster.Unobserve(place);

    /// <summary>Waits for a place; where the server goes out of use meanwhile, for one at another.</summary>
    private static async Task<(PickResult Result, Reservation Place)> WaitAsync(
        BalancedCluster cluster, PickRequest wanted, Reservation awaited, WaitingLine.Waiter? waiter, CancellationToken gone)
    {
        Metrics.ProxyQueued.Add(1);
        using CancellationTokenSource patience = new(cluster.Options.Queue.Timeout, cluster.Clock.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, gone);
        PickResult picked = PickResult.Waits;
        while (waiter is not null)
        {
            try
            {
                await waiter.Called.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested && cluster.Abandon(awaited.Server, waiter))
            {
                return (PickResult.Gone, default);
            }
            catch (OperationCanceledException) when (cluster.StopWaiting(awaited.Server, waiter))
            {
                return (PickResult.Full, default);
            }
            catch (OperationCanceledException)
            {
                // It was called at the same time.
            }
            if (await waiter.Called)
            {
                return (PickResult.Picked, cluster.TakePlace(awaited));
            }
            picked = cluster.Pick(wanted, out awaited, out waiter);
        }
        return (picked, awaited);
    }

    private static void Refuse(HttpContext context, BalancedCluster cluster, PickResult why)
    {
        Metrics.ProxyRefused.Add(1, Metrics.Tag("reason", why == PickResult.Full ? "full" : "no server"));
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter =
            Math.Ceiling(cluster.Options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}

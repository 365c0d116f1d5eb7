using System.Collections;
using AkkaLb.Agents.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AkkaLb.Runtime.Telemetry;

/// <summary>
/// Hands metrics and traces out: to whoever asks for <see cref="Path"/>, and by OTLP to the collector that OpenTelemetry's environment
/// variables name. Traces are off unless OTEL_TRACES_EXPORTER is <c>otlp</c>; one in a hundred is then taken, or what OTEL_TRACES_SAMPLER
/// says.
/// </summary>
public static class TelemetryExport
{
    /// <summary>Where Prometheus finds the metrics.</summary>
    public const string Path = "/metrics";

    /// <summary>Share of traces that is taken where OTEL_TRACES_SAMPLER says nothing.</summary>
    public const double SampledShare = 0.01;

    // What the web server of ASP.NET Core measures of connections.
    private const string Prefix = "OTEL_", Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Adds the metrics of the process to a web server, which <see cref="Map"/> then answers with.</summary>
    /// <param name="service">Named in what is exported, unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="ownRequests">Whether ASP.NET Core measures requests to this process too, not only its connections.</param>
    public static void Add(WebApplicationBuilder builder, string service, bool ownRequests)
    {
        // The builder is an empty one, which knows no environment.
        builder.Configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value)));
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, service))
            .WithMetrics(metrics =>
            {
                Collect(metrics);
                if (ownRequests)
                {
                    metrics.AddAspNetCoreInstrumentation();
                }
                else
                {
                    metrics.AddMeter(Kestrel);
                }
                metrics.AddPrometheusExporter();
            });
        if (WantsTraces)
        {
            telemetry.WithTracing(traces =>
            {
                Collect(traces);
                if (ownRequests)
                {
                    traces.AddAspNetCoreInstrumentation();
                }
            });
        }
    }

    /// <summary>Answers <see cref="Path"/>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<MeterProvider>();
        Metrics.Begin();
        endpoints.MapPrometheusScrapingEndpoint(Path);
    }

    /// <summary>Exports from a process without a web server, such as that of a run.</summary>
    /// <returns>Ends the export, with what is still to be sent; null: the environment asks for none.</returns>
    public static IDisposable? Start(string service)
    {
        if (!WantsMetrics && !WantsTraces)
        {
            return null;
        }
        OpenTelemetrySdk sdk = OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.ConfigureResource(resource => Describe(resource, service));
            if (WantsMetrics)
            {
                telemetry.WithMetrics(Collect);
            }
            if (WantsTraces)
            {
                telemetry.WithTracing(Collect);
            }
        });
        return sdk;
    }

    private static bool WantsMetrics =>
        Is("OTEL_METRICS_EXPORTER", "otlp")
        || (!Is("OTEL_METRICS_EXPORTER", "none") && (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")));

    private static bool WantsTraces => Is("OTEL_TRACES_EXPORTER", "otlp");

    private static void Describe(ResourceBuilder resource, string service) =>
        resource.AddService(service, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version!.ToString(3),
            autoGenerateServiceInstanceId: false)
            .AddEnvironmentVariableDetector();

    private static void Collect(MeterProviderBuilder metrics)
    {
        metrics.AddMeter(Metrics.MeterName).AddRuntimeInstrumentation();
        if (WantsMetrics)
        {
            metrics.AddOtlpExporter();
        }
    }

    private static void Collect(TracerProviderBuilder traces)
    {
        traces.AddSource(Traces.SourceName).AddOtlpExporter();
        if (!IsSet("OTEL_TRACES_SAMPLER"))
        {
            traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(SampledShare)));
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static bool Is(string variable, string value) => Environment.GetEnvironmentVariable(variable) == value;
}

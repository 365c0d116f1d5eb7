using System.Collections;
using System.Globalization;
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

    private static readonly string[] Samplers =
    [
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio",
    ];

    /// <summary>Adds the metrics of the process to a web server, which <see cref="Map"/> then answers with.</summary>
    /// <param name="service">Named in what is exported, unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="ownRequests">Whether ASP.NET Core measures requests to this process too, not only its connections.</param>
    /// <exception cref="Domain.InvalidInputException">A variable of OpenTelemetry has a value that nothing could be sent with.</exception>
    public static void Add(WebApplicationBuilder builder, string service, bool ownRequests)
    {
        if (WantsMetrics || WantsTraces)
        {
            CheckEnvironment();
        }
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
        CheckEnvironment();
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

    /// <exception cref="Domain.InvalidInputException">A variable of OpenTelemetry has a value that nothing could be sent with.</exception>
    private static void CheckEnvironment()
    {
        foreach (string signal in (string[])["", "METRICS_", "TRACES_"])
        {
            Check($"OTEL_EXPORTER_OTLP_{signal}ENDPOINT", "http://HOST:PORT or https://HOST:PORT", value =>
                Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https");
            Check($"OTEL_EXPORTER_OTLP_{signal}PROTOCOL", "grpc or http/protobuf", value => value is "grpc" or "http/protobuf");
            Check($"OTEL_EXPORTER_OTLP_{signal}HEADERS", "KEY=VALUE, and more of them behind commas", value =>
                value.Split(',', StringSplitOptions.RemoveEmptyEntries).All(pair => pair.IndexOf('=') > 0));
            Check($"OTEL_EXPORTER_OTLP_{signal}TIMEOUT", "a number of milliseconds above 0", IsAboveZero);
        }
        Check("OTEL_METRIC_EXPORT_INTERVAL", "a number of milliseconds above 0", IsAboveZero);
        Check("OTEL_TRACES_SAMPLER", string.Join(", ", Samplers), value => Samplers.Contains(value));
        Check("OTEL_TRACES_SAMPLER_ARG", "a share from 0 to 1", value =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1);

        static bool IsAboveZero(string value) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;

        static void Check(string variable, string expected, Func<string, bool> isValid)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && !isValid(value))
            {
                throw new Domain.InvalidInputException($"{variable}: expected {expected}, found '{value}'");
            }
        }
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

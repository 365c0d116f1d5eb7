using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace AkkaLb.Live.Proxy.Hosting;

/// <summary>A proxy's log: all of it in a file of its state folder, and what an operator has to see to a writer.</summary>
internal static class ProxyLogging
{
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidInputException">The folder cannot be made.</exception>
    public static Logger Create(string folder, TextWriter notices, string source)
    {
        ServiceHost.CreateFolder(folder, source);
        return new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Error)
            .WriteTo.File(
                Path.Combine(folder, "proxy.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14,
                outputTemplate: "{Timestamp:O} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.Sink(new NoticeSink(notices))
            .CreateLogger();
    }

    /// <summary>
    /// What ASP.NET Core and YARP have to say is filtered before it is made; a scope and an activity for every request, which they make
    /// where anybody listens, would cost a tenth of the requests.
    /// </summary>
    public static void AddTo(ILoggingBuilder logging, Serilog.ILogger log)
    {
        logging.AddSerilog(log);
        // Of the provider, as Serilog lets all pass there, and what is said of one goes before what is said of all.
        logging.AddFilter<SerilogLoggerProvider>("Microsoft", LogLevel.Warning);
        logging.AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter<SerilogLoggerProvider>("Yarp", LogLevel.Error);
        // That it did not start is what whoever starts it says, with the reason.
        logging.AddFilter<SerilogLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>Our own messages, and everybody's errors, a line each.</summary>
    private sealed class NoticeSink(TextWriter writer) : ILogEventSink
    {
        // Without quotes around what is filled in.
        private static readonly MessageTemplateTextFormatter Text = new("{Message:lj}", CultureInfo.InvariantCulture);

        private readonly Lock _gate = new();

        public void Emit(LogEvent logEvent)
        {
            bool isOurs = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out LogEventPropertyValue? source)
                && source.ToString().Contains("AkkaLb.Live", StringComparison.Ordinal);
            if (!isOurs && logEvent.Level < LogEventLevel.Error)
            {
                return;
            }
            using StringWriter message = new();
            Text.Format(logEvent, message);
            lock (_gate)
            {
                writer.WriteLine($"{logEvent.Timestamp:HH:mm:ss} {message.ToString().ReplaceLineEndings(" ")}");
            }
        }
    }
}

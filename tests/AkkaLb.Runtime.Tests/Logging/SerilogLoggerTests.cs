using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using AkkaLb.Runtime.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AkkaLb.Runtime.Tests.Logging;

public class SerilogLoggerTests
{
    [Fact]
    public async Task Log_ActorSystem_ReachesSerilogWithLevelTemplateAndCause()
    {
        Collector collector = new();
        using Logger serilog = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(collector).CreateLogger();
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(SerilogSetup.LoggerConfig);
        ActorSystem system = ActorSystem.Create("logging", bootstrap.And(new SerilogSetup(serilog)));

        system.Log.Warning("link {0} carries {1} bit/s", "a", 42);
        system.Log.Debug("below the level");
        system.Log.Error(new InvalidOperationException("no path"), "route failed");
        // The error was logged last of what is logged at all, and one logger keeps the order.
        await collector.ErrorArrived.WaitAsync(TimeSpan.FromSeconds(30));
        await system.Terminate();

        Serilog.Events.LogEvent warning = collector.Events.Single(e => e.Level == LogEventLevel.Warning);
        warning.MessageTemplate.Text.ShouldBe("link {0} carries {1} bit/s");
        warning.Properties["1"].ToString().ShouldBe("42");
        warning.Properties.Keys.ShouldContain("LogSource");
        Serilog.Events.LogEvent error = collector.Events.Single(e => e.Level == LogEventLevel.Error);
        error.Exception.ShouldBeOfType<InvalidOperationException>();
        error.RenderMessage().ShouldBe("route failed");
        collector.Events.ShouldNotContain(e => e.RenderMessage().Contains("below the level", StringComparison.Ordinal));
    }

    private sealed class Collector : ILogEventSink
    {
        private readonly TaskCompletionSource _errorArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<Serilog.Events.LogEvent> Events { get; } = new();

        public Task ErrorArrived => _errorArrived.Task;

        public void Emit(Serilog.Events.LogEvent logEvent)
        {
            Events.Enqueue(logEvent);
            if (logEvent.Level == LogEventLevel.Error)
            {
                _errorArrived.TrySetResult();
            }
        }
    }
}

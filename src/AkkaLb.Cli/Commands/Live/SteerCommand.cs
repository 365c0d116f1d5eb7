using System.CommandLine;
using AkkaLb.Live.Steering;

namespace AkkaLb.Cli.Commands.Live;

/// <summary><c>akkalb steer</c>: the weights of balancers that others run.</summary>
internal static class SteerCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "steer",
            "Learn servers' capacities and set the weights of HAProxy, nginx or Envoy by them",
            """
            The same agent as behind 'akkalb proxy', for balancers that run already. HAProxy is observed by 'show stat' of its runtime
            socket and steered by it or by agent checks; nginx by an access log, a file that holds the upstream, and a graceful reload;
            Envoy by its admin address and a file of its endpoint discovery. Weights change at most once in a while and by a bounded step.
            When this command ends, the balancers keep the last weights.
            """,
            "akkalb steer hocon/live/steer-haproxy.conf",
            "akkalb steer hocon/live/steer-nginx.conf --set balancers.web.least-interval=30s");
        Argument<string> file = new("STEER.conf") { Description = "Balancers with their servers (HOCON, section akkalb.steer)" };
        Option<string[]> set = Options.Set("Override a configuration key (relative to akkalb.steer); may be given several times");
        command.Add(file);
        command.Add(set);
        command.SetAction(async (parsed, cancellation) =>
        {
            SteerOptions options = SteerReader.Load(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? []);
            await using SteerService service = await SteerService.StartAsync(options, host.Error, host.Time);
            await cancellation.WhenStoppedAsync();
            return ExitCodes.Success;
        });
        return command;
    }
}

using AkkaLb.Cli;
using AkkaLb.Cli.Output;

if (OperatingSystem.IsWindows())
{
    Console.OutputEncoding = System.Text.Encoding.UTF8;
}

bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
CommandHost host = new(GuardedWriter.OfResults(Console.Out), GuardedWriter.OfMessages(Console.Error), TimeProvider.System)
{
    OutIsTerminal = !Console.IsOutputRedirected && !dumb,
    ErrorIsTerminal = !Console.IsErrorRedirected && !dumb,
    Colour = !IsSet("NO_COLOR"),
    ShowStackTraces = Environment.GetEnvironmentVariable("AKKALB_DEBUG") == "1",
};
using Interrupts interrupts = new(host);
return await CommandLine.InvokeAsync(args, host, interrupts.Token);

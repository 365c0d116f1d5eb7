using System.CommandLine;
using System.CommandLine.Invocation;
using AkkaLb.Cli.Commands;
using AkkaLb.Cli.Output;
using AkkaLb.Domain;
using AkkaLb.Learning.Backends;
using AkkaLb.Learning.Torch;
using AkkaLb.Runtime.Experiments;

namespace AkkaLb.Cli;

/// <summary>The <c>akkalb</c> command: parses, runs one command, and turns every failure into one line and an exit code.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CommandHost host, CancellationToken cancellation)
    {
        try
        {
            return await ParseAndRunAsync(arguments, host, cancellation);
        }
        catch (InvalidInputException e)
        {
            return Fail(host, e.Message, ExitCodes.BadInput);
        }
        catch (AggregateException e) when (e.InnerException is InvalidInputException input)
        {
            return Fail(host, input.Message, ExitCodes.BadInput);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(host, "interrupted", ExitCodes.Interrupted);
        }
        catch (Exception e) when (e is RunFailedException or IOException or UnauthorizedAccessException)
        {
            return Fail(host, e.Message, ExitCodes.Failure);
        }
        catch (Exception e) when (!host.ShowStackTraces)
        {
            return Fail(host, $"internal error: {e.Message} ({e.GetType().Name}; AKKALB_DEBUG=1 shows the stack trace)", ExitCodes.Failure);
        }
        catch (Exception e)
        {
            host.Error.WriteLine($"akkalb: internal error: {e}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> ParseAndRunAsync(IReadOnlyList<string> arguments, CommandHost host, CancellationToken cancellation)
    {
        LearningBackends.RegisterTorch(TorchBackend.Create);
        ParseResult parsed = AkkaLbCommand.Create(host).Parse(arguments, Parsing);
        bool unknownCommand = parsed is { UnmatchedTokens.Count: > 0, CommandResult.Command.Subcommands.Count: > 0 };
        if (parsed.Errors.Count == 0 && ParseErrors.Empty(parsed) is { } empty)
        {
            return Fail(host, empty, ExitCodes.BadInput);
        }
        if (unknownCommand || (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }))
        {
            return Fail(host, ParseErrors.Describe(parsed), ExitCodes.BadInput);
        }
        InvocationConfiguration invocation = new()
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are handled by Interrupts: a run needs more than a fixed time-out to close its folder.
            ProcessTerminationTimeout = null,
        };
        return parsed.Action is SynchronousCommandLineAction
            // Such commands do not heed the token: the first Ctrl-C leaves them to the end of the process.
            ? await Task.Run(() => parsed.InvokeAsync(invocation, CancellationToken.None), CancellationToken.None).WaitAsync(cancellation)
            : await parsed.InvokeAsync(invocation, cancellation);
    }

    private static int Fail(CommandHost host, string message, int exitCode)
    {
        host.Error.WriteLine($"akkalb: {Terminal.OneLine(message)}");
        return exitCode;
    }
}

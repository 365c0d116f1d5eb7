using Microsoft.Extensions.Time.Testing;

namespace AkkaLb.Cli.Tests;

/// <summary>The command line in this process, with its writers, clock and runner in the test's hands.</summary>
internal sealed class Cli
{
    private readonly StringWriter _out = new() { NewLine = "\n" }, _error = new() { NewLine = "\n" };

    public FakeTimeProvider Time { get; } = new();

    public FakeRunner Runner { get; } = new();

    public bool IsTerminal { get; init; }

    public bool Colour { get; init; }

    public bool ShowStackTraces { get; init; }

    public string Output => _out.ToString();

    public string Error => _error.ToString();

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task<int> InvokeAsync(params string[] arguments) => InvokeAsync(CancellationToken.None, arguments);

    public Task<int> InvokeAsync(CancellationToken cancellation, params string[] arguments) => CommandLine.InvokeAsync(
        arguments,
        new CommandHost(_out, _error, Time)
        {
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            Colour = Colour,
            ShowStackTraces = ShowStackTraces,
            Run = (request, observer, token) =>
            {
                Runner.Request = request;
                return Runner.RunAsync(this, observer, token);
            },
            Resume = (folder, overrides, observer, token) =>
            {
                Runner.Resumed = folder;
                return Runner.RunAsync(this, observer, token);
            },
        },
        cancellation);

    /// <summary>
    /// Asserts that the command refuses its input: exit code 2, nothing on stdout, and one line on stderr with these parts.
    /// </summary>
    public async Task ShouldRefuseAsync(string[] arguments, params string[] parts)
    {
        int exitCode = await InvokeAsync(arguments);

        Error.ShouldStartWith("akkalb: ");
        Error.Count(c => c == '\n').ShouldBe(1, Error);
        Error.ShouldEndWith("\n");
        Error.ShouldNotContain("at AkkaLb");
        foreach (string part in parts)
        {
            Error.ShouldContain(part);
        }
        Output.ShouldBeEmpty();
        exitCode.ShouldBe(ExitCodes.BadInput);
    }
}

using System.CommandLine;
using AkkaLb.Live.Proxy.Admin;

namespace AkkaLb.Cli.Commands.Live;

/// <summary>Options of the commands that talk to a proxy that runs.</summary>
internal sealed class AdminOptions
{
    /// <summary>The environment variable of the token, which so does not show in a list of processes.</summary>
    public const string TokenVariable = "AKKALB_ADMIN_TOKEN";

    private readonly Option<string> _admin = new("--admin")
    {
        Description = $"The proxy's admin address; its token is read from {TokenVariable}",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:9901",
    };

    public void AddTo(Command command) => command.Add(_admin);

    public AdminClient Open(ParseResult parsed) =>
        new(parsed.GetRequiredValue(_admin), Environment.GetEnvironmentVariable(TokenVariable) ?? "");
}

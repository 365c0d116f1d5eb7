using System.CommandLine;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb resume</c>: continue a run folder after a stop.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "resume",
            "Continue a stopped run or grid from its folder",
            """
            The run goes on from its last checkpoint and ends with the same result as without the stop, to the last bit.
            A run that has finished is left as it is; its result is shown again. Of a grid, what is not finished is done.
            """,
            "akkalb resume runs/quickstart-samaroh-seed1",
            "akkalb resume runs/quickstart-samaroh-seed1 --set learning.backend=torch");
        Argument<string> run = new("RUN") { Description = "A run folder or a grid's folder, as made by 'akkalb run' or 'akkalb train'" };
        Option<bool> json = Options.Json("the content of summary.json");
        command.Add(run);
        command.Add(json);
        Option<string[]> set = Options.Set("Go on with another value of a key of the section learning; may be given several times");
        command.Add(set);
        command.SetAction((parsed, cancellation) =>
            RunSession.ExecuteAsync(host, parsed.GetValue(json), observer => host.Resume(
                parsed.GetRequiredValue(run), parsed.GetValue(set) ?? [], observer, cancellation)));
        return command;
    }
}

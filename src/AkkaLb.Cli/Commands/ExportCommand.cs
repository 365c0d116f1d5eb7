using System.CommandLine;
using System.CommandLine.Parsing;
using AkkaLb.Cli.Output;
using AkkaLb.Runtime.Export;
using AkkaLb.Runtime.Runs;

namespace AkkaLb.Cli.Commands;

/// <summary><c>akkalb export</c>: what a run has learnt, for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandHost host)
    {
        ExampleCommand command = new(
            "export",
            "Write the policy of a run for other programs",
            """
            --onnx writes the policy network of a run's last checkpoint as ONNX: of a network run all exchanges over its topology, from
            observations to logits; of a data-centre run one file per learner, whose recurrent state is an input and an output.
            """,
            "akkalb export runs/quickstart-samaroh-seed1 --onnx",
            "akkalb export runs/distr-lb --onnx --out policies");
        Argument<string> run = new("RUN") { Description = "A run folder with a checkpoint" };
        Option<bool> onnx = new("--onnx") { Description = "Write ONNX files" };
        Option<string?> output = new("--out")
        {
            Description = "Folder of the files (default: onnx in the run folder)",
            HelpName = "FOLDER",
        };
        command.Add(run);
        command.Add(onnx);
        command.Add(output);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(onnx))
            {
                result.AddError("export: expected --onnx, the format to write");
            }
        });
        command.SetAction(parsed =>
        {
            foreach (string file in OnnxExport.Write(parsed.GetRequiredValue(run), parsed.GetValue(output)))
            {
                host.Out.WriteLine(RunFolder.Near(file));
            }
            return ExitCodes.Success;
        });
        return command;
    }
}

using System.Globalization;
using AkkaLb.Cli.Output;
using Spectre.Console;

namespace AkkaLb.Cli.Tests.Output;

public class FittedTableTests
{
    [Theory]
    [InlineData(160)]
    [InlineData(80)]
    [InlineData(40)]
    public void Write_ATableOfTwelveColumns_BreaksNoNumber(int width)
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        Table table = Terminal.Table([("name", Justify.Left), .. Enumerable.Range(0, 11).Select(c => ($"column {c}", Justify.Right))]);
        for (int row = 0; row < 3; row++)
        {
            table.AddRow([new Text($"row-{row}"), .. Enumerable.Range(0, 11).Select(c => new Text(Number(row, c)))]);
        }
        console.WriteFitted(table);
        string[] lines = writer.ToString().Split('\n');
        lines.ShouldAllBe(line => line.TrimEnd().Length <= width);
        for (int row = 0; row < 3; row++)
        {
            for (int c = 0; c < 11; c++)
            {
                // Whole, and in a line that names its row.
                lines.Count(l => l.Contains(Number(row, c), StringComparison.Ordinal) && l.Contains($"row-{row}", StringComparison.Ordinal))
                    .ShouldBe(1);
            }
        }
    }

    private static string Number(int row, int column) => (1000 * row + column + 0.125).ToString("0000.000", CultureInfo.InvariantCulture);
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaLb.Cli.Output;

/// <summary>Writes tables so that no number is broken: one that is too wide becomes several, one below the other.</summary>
internal static class FittedTable
{
    // On both sides of a cell, and between two.
    private const int Padding = 2, Separator = 1;

    /// <summary>Writes a table; in each part of one that is too wide the first column, which names the rows, is repeated.</summary>
    public static void WriteFitted(this IAnsiConsole console, Table table)
    {
        RenderOptions options = RenderOptions.Create(console, console.Profile.Capabilities);
        int[] widths = [.. table.Columns.Select((column, c) => Separator + Padding + table.Rows.Select(row => row[c])
            .Append(column.Header).Max(cell => cell.Measure(options, int.MaxValue).Max))];
        int available = console.Profile.Width - Separator;
        if (widths.Sum() <= available)
        {
            console.Write(table);
            return;
        }
        for (int next = 1; next < widths.Length;)
        {
            List<int> columns = [0];
            int width = widths[0];
            do
            {
                width += widths[next];
                columns.Add(next++);
            }
            while (next < widths.Length && width + widths[next] <= available);
            console.Write(Part(table, columns));
        }
    }

    private static Table Part(Table table, IReadOnlyList<int> columns)
    {
        Table part = new() { Border = table.Border };
        foreach (int c in columns)
        {
            TableColumn column = table.Columns[c];
            part.AddColumn(new TableColumn(column.Header) { Alignment = column.Alignment, NoWrap = column.NoWrap });
        }
        foreach (TableRow row in table.Rows)
        {
            part.AddRow(columns.Select(c => row[c]));
        }
        return part;
    }
}

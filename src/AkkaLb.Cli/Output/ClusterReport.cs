using System.Globalization;
using AkkaLb.Runtime.Cluster;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of <c>akkalb cluster status</c> as a table.</summary>
internal static class ClusterReport
{
    public static void Write(IAnsiConsole console, ClusterStatus status)
    {
        Table table = Terminal.Table(
            ("member", Justify.Left), ("roles", Justify.Left), ("status", Justify.Left), ("up since", Justify.Left),
            ("shards", Justify.Right), ("agents", Justify.Right));
        foreach (MemberStatusReport member in status.Members)
        {
            table.AddCells(
                member.Address + (member.Address == status.Singleton ? " (holds the runs)" : ""),
                string.Join(", ", member.Roles),
                status.Unreachable.Contains(member.Address) ? $"{member.Status}, unreachable" : member.Status,
                member.UpSince?.ToString("u", CultureInfo.InvariantCulture) ?? "",
                member.Shards.ToString(CultureInfo.InvariantCulture),
                member.Agents.ToString(CultureInfo.InvariantCulture));
        }
        console.WriteFitted(table);
    }
}

using System.Globalization;
using AkkaLb.Runtime.Cluster;
using Spectre.Console;

namespace AkkaLb.Cli.Output;

/// <summary>The result of <c>akkalb cluster status</c> as a table.</summary>
internal static class ClusterReport
{
    public static void Write(IAnsiConsole console, ClusterStatus status)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("member", "roles", "status", "up since", "shards", "agents");
        foreach (MemberStatusReport member in status.Members)
        {
            table.AddRow(
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

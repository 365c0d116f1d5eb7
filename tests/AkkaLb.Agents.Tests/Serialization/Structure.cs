using System.Collections;
using System.Globalization;
using System.Reflection;
using AkkaLb.Domain.DataCenter.Traffic;
using AkkaLb.Learning.DataCenter.Replay;

namespace AkkaLb.Agents.Tests.Serialization;

/// <summary>All that a message holds, as text: two messages of the same text are the same.</summary>
internal static class Structure
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        float number => BitConverter.SingleToUInt32Bits(number).ToString("x8"),
        double number => BitConverter.DoubleToUInt64Bits(number).ToString("x16"),
        string text => text,
        IConvertible simple => simple.ToString(CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        EpisodePart part => string.Join(
            ' ', Of(part.Features.ToArray()), Of(part.Actions.ToArray()), Of(part.Rewards.ToArray()), part.TrajectoryBytes),
        Job job => $"{Members(job)} {string.Join(' ', Enumerable.Range(0, Job.MostStages).Select(s => job.Work[s]))}",
        _ => Members(value),
    };

    private static string Members(object value)
    {
        Type type = value.GetType();
        IEnumerable<(string, object?)> members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => (p.Name, p.GetValue(value)))
            .Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public)
                .Where(f => f.Name != nameof(Job.Work))
                .Select(f => (f.Name, f.GetValue(value))));
        return $"{type.Name} {{ {string.Join(", ", members.Select(m => $"{m.Item1} {Of(m.Item2)}"))} }}";
    }
}

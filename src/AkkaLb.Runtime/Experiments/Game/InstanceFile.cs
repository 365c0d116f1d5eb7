using System.Text.Json;
using AkkaLb.Domain.Game;

namespace AkkaLb.Runtime.Experiments.Game;

/// <summary>Writes instances as <c>akkalb game static</c> and <c>dynamic</c> read them.</summary>
public static class InstanceFile
{
    public static string ToJson(GameInstance<double> instance, string description) =>
        JsonSerializer.Serialize(new { description, rates = instance.Rates, loads = instance.Loads, lengths = instance.Lengths }) + "\n";
}

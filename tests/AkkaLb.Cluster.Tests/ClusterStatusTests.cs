using System.Text.Json;
using AkkaLb.Runtime.Cluster;

namespace AkkaLb.Cluster.Tests;

public class ClusterStatusTests
{
    /// <summary>A web server that is no node may answer anything.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"members":[],"unreachable":[]}""")]
    [InlineData("""{"members":[{"address":"a"}],"unreachable":[],"agents":{"total":0,"byNode":{}}}""")]
    public void Read_WhatIsNoStatus_IsRefused(string answer) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<ClusterStatus>(answer, JsonSerializerOptions.Web));
}

namespace AkkaLb.Domain.Network;

/// <summary>
/// The four topologies of the MAROH/SAMAROH experiments, declared as adjacency lists, with node order, link enumeration and
/// capacities of the published files. Abilene (without its four transit nodes) and GÉANT 2009 derive from Knight, Nguyen, Falkner,
/// Bowden and Roughan, "The Internet Topology Zoo", IEEE JSAC 29(9), 2011.
/// </summary>
public static class TopologyLibrary
{
    private const double Mbps = 1e6;

    private const string FourNodes = "1>2,3; 2>4,1; 3>4,1; 4>2,3";

    private const string Abilene =
        "New York>Indianapolis,Atlanta; Seattle>Sunnyvale,Kansas City; Sunnyvale>Seattle,Houston,Kansas City; " +
        "Kansas City>Seattle,Sunnyvale,Houston,Indianapolis; Houston>Sunnyvale,Kansas City,Atlanta; " +
        "Atlanta>New York,Houston,Indianapolis; Indianapolis>New York,Kansas City,Atlanta";

    private const string Symmetric16 =
        "1>2,3; 2>1,4,5,6,7,8; 3>1,4,5,6,7,8; 4>2,3; 5>2,3,9,10; 6>2,3,9,10; 7>2,3,11,12; 8>2,3,11,12; 9>5,6,13,14; " +
        "10>5,6,13,14; 11>7,8,13,14; 12>7,8,13,14; 13>9,10,11,12,15,16; 14>9,10,11,12,15,16; 15>13,14; 16>13,14";

    private const string Geant2009 =
        "NL>BE,DK,DE,MT; BE>NL,UK; DK>NL,EE,DE,RU,NO,SE; PL>LT,DE,CZ; DE>NL,DK,PL,CZ,LU,CH,AT,RU; CZ>PL,DE,SK; LU>DE,FR; " +
        "FR>LU,CH,ES,UK; CH>DE,FR,IT,ES; IT>CH,GR,CY,MT,ES,AT; GR>IT,CY,BG,AT; CY>IT,GR; MT>NL,IT; TR>BG,RO; RO>TR,HU,BG; " +
        "HU>RO,SK,BG,HR; SK>CZ,HU,AT; PT>ES,UK; ES>FR,CH,IT,PT; BG>GR,TR,RO,HU; HR>HU,SL; SL>HR,AT; AT>DE,IT,GR,SK,SL; " +
        "LT>PL,LV; RU>DK,DE; UK>BE,FR,PT; NO>DK,SE; SE>DK,NO; EE>DK,LV; LV>LT,EE";

    /// <summary>The names that <see cref="Get"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["4-node", "abilene", "symm16", "geant2009"];

    /// <exception cref="InvalidInputException">The name is not one of <see cref="Names"/>.</exception>
    public static Topology Get(string name) => name switch
    {
        // Also called rhombus. Its two thin links, not its shape, are what equal weights get wrong.
        "4-node" => FromAdjacency(name, FourNodes, (from, to) => (from, to) switch
        {
            ("1", "2") => 10 * Mbps,
            ("1", "3") => 20 * Mbps,
            _ => 40 * Mbps,
        }),
        "abilene" => FromAdjacency(name, Abilene, (_, _) => 25 * Mbps),
        "symm16" => FromAdjacency(name, Symmetric16, (_, _) => 25 * Mbps),
        "geant2009" => FromAdjacency(name, Geant2009, (_, _) => 25 * Mbps),
        _ => throw new InvalidInputException($"topology \"{name}\" is not built in, expected one of {string.Join(", ", Names)}"),
    };

    /// <summary>Reads <c>"a&gt;b,c; b&gt;a"</c>: for every node its out-neighbours in adjacency order.</summary>
    private static Topology FromAdjacency(string name, string adjacency, Func<string, string, double> capacity)
    {
        string[][] rows = [.. adjacency.Split("; ").Select(row => row.Split('>', ','))];
        string[] labels = [.. rows.Select(row => row[0])];
        return new Topology(name, labels, [.. rows.SelectMany((row, tail) => row.Skip(1).Select(head =>
            new Link(new NodeId(tail), new NodeId(Array.IndexOf(labels, head)), capacity(row[0], head))))]);
    }
}

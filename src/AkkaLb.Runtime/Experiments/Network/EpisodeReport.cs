using CsvHelper;

namespace AkkaLb.Runtime.Experiments.Network;

/// <summary>One finished episode, as a row of <c>episodes.csv</c>.</summary>
/// <param name="Episode">Number, from 0.</param>
/// <param name="Phi">Φ after the last horizon.</param>
/// <param name="PhiStart">Φ before the first horizon: all weights as initialised.</param>
/// <param name="PhiLowest">Lowest Φ at any horizon of the episode.</param>
/// <param name="MaxUtilisation">Utilisation of the fullest link after the last horizon.</param>
/// <param name="ExchangesSent">Hidden-state messages sent.</param>
/// <param name="ExchangesPossible">Messages if every iteration of every horizon is exchanged.</param>
/// <param name="PolicyVersion">Version of the policy that all agents followed.</param>
/// <param name="RequestsSent">Messages by which agents asked for hidden states.</param>
/// <param name="TeamExchanges">Exchanges that any agent took part in, of horizons · K.</param>
/// <param name="RecallExchanges">The same in training's passes through the episode, of epochs · horizons · K; 0 where nothing was
/// learnt from it.</param>
[CsvRecord]
public sealed partial record EpisodeReport(
    [property: CsvColumn("episode")] int Episode,
    [property: CsvColumn("phi")] double Phi,
    [property: CsvColumn("phiStart")] double PhiStart,
    [property: CsvColumn("phiLowest")] double PhiLowest,
    [property: CsvColumn("maxUtilisation")] double MaxUtilisation,
    [property: CsvColumn("exchangesSent")] long ExchangesSent,
    [property: CsvColumn("exchangesPossible")] long ExchangesPossible,
    [property: CsvColumn("policyVersion")] int PolicyVersion,
    [property: CsvColumn("requestsSent")] long RequestsSent,
    [property: CsvColumn("teamExchanges")] long TeamExchanges,
    [property: CsvColumn("recallExchanges")] long RecallExchanges);

using AkkaLb.Bench;
using AkkaLb.Bench.Cluster;
using AkkaLb.Bench.Game;
using AkkaLb.Bench.Journals;
using AkkaLb.Bench.Learning;
using AkkaLb.Bench.Live;

// One file per benchmark; each prints its figure beside the target of the design, section 9.
return args switch
{
    ["routing", .. string[] rest] => RoutingBenchmark.Run(rest),
    ["network-peers", .. string[] rest] => NetworkPeers.Run(rest),
    ["gemm"] => GemmBenchmark.Run(),
    ["ppo"] => PpoBenchmark.Run(),
    ["memory"] => MemoryBenchmark.Run(),
    ["decisions", .. string[] rest] => DecisionBenchmark.Run(rest),
    ["training", .. string[] rest] => TrainingBenchmark.Run(rest),
    ["sac-gru"] => SacGruBenchmark.Run(),
    ["backends", .. string[] rest] => BackendBenchmark.Run(rest),
    ["game"] => GameBenchmark.Run(),
    ["persistence", .. string[] rest] => PersistenceBenchmark.Run(rest),
    ["recovery", .. string[] rest] => RecoveryBenchmark.Run(rest),
    ["wire"] => WireBenchmark.Run(),
    ["partition"] => PartitionTable.Run(),
    ["many-agents", .. string[] rest] => ManyAgents.Run(rest),
    ["datacenter"] => DataCenterBenchmark.Run(),
    ["plain-yarp", .. string[] rest] when rest.Length > 1 => PlainYarp.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: AkkaLb.Bench routing [--data DIR] | network-peers [EVALUATIONS] | game | datacenter | persistence "
        + "[--postgres CONNECTION] | "
        + "recovery [--postgres CONNECTION] | wire | partition | many-agents AGENTS FOLDER | gemm | ppo | training [--data DIR] "
        + "[TOPOLOGY…] | "
        + "sac-gru | backends [CASE…] | memory | decisions [--data DIR] [TOPOLOGY [EPISODES [SEEDS]]] | plain-yarp PORT TARGET…");
    return 2;
}

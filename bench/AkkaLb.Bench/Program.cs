using AkkaLb.Bench;
using AkkaLb.Bench.Game;
using AkkaLb.Bench.Learning;

// One file per benchmark; each prints its figure beside the target of the design, section 9.
return args switch
{
    ["routing", .. string[] rest] => RoutingBenchmark.Run(rest),
    ["gemm"] => GemmBenchmark.Run(),
    ["ppo"] => PpoBenchmark.Run(),
    ["train", .. string[] rest] => TrainBenchmark.Run(rest),
    ["game"] => GameBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: AkkaLb.Bench routing [--data DIR] | game | gemm | ppo | train [--data DIR] [--set 4-node|abilene] [--load 40|60] [--seeds N] [--episodes N] [--readout peragent|shared|reference] [--reward-scale X] [--entropy X] [--first-seed N] [--threads N]");
    return 2;
}

using AkkaLb.Bench;

// One file per benchmark; each prints its figure beside the target of the design, section 9.
return args switch
{
    ["routing", .. string[] rest] => RoutingBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: AkkaLb.Bench routing [--data DIR]");
    return 2;
}

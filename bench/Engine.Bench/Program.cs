using Engine.Bench;

// Actor engine benchmarks: plain Akka.NET code, so that the same source measures Akka.NET with -p:ActorEngine=akka.
(string Name, string Help, Func<Task> Run)[] benchmarks =
[
    ("pingpong", "two actors and a number of messages in flight between them", PingPong.Run),
    ("graph", "96 actors in a 4-regular graph exchange 64-float messages, 8 rounds x 50 horizons", Graph.Run),
    ("spawn", "100,000 actors: time to start, bytes each", Spawn.Run),
    ("ask", "one question after the other", Questions.Run),
    ("persistence", "events stored by 1 and by 96 actors on SQLite and PostgreSQL, and recovered", Persistence.Run),
];
if (args is ["--help"] or ["-h"])
{
    Console.WriteLine("usage: dotnet run -c Release --project bench/Engine.Bench [-- NAME...]   (all without a name; -p:ActorEngine=akka measures Akka.NET)");
    foreach ((string name, string help, _) in benchmarks) { Console.WriteLine($"  {name,-13}{help}"); }
    return 0;
}
if (args.FirstOrDefault(a => benchmarks.All(b => b.Name != a)) is { } unknown)
{
    Console.Error.WriteLine($"unknown benchmark '{unknown}', expected {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}
Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} cores, {typeof(Akka.Actor.ActorSystem).Assembly.GetName().Name}");
Console.WriteLine($"{"benchmark",-42}{"reached",26}{"target",18}{"B/message",16}{"cores busy",12}");
foreach ((string name, _, Func<Task> run) in benchmarks)
{
    if (args.Length == 0 || args.Contains(name)) { await run(); }
}
return 0;

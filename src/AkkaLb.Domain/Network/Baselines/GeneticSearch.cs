using AkkaLb.Domain.Randomness;

namespace AkkaLb.Domain.Network;

/// <summary>
/// The genetic baseline of the MAROH experiments (specification section 7.1): one integer weight per link, linear ranking without elitism,
/// crossover by swapping all outgoing or incoming weights of nodes, mutation by shifting and reassigning those of one node. The best
/// individual ever met is the result. Where paths have weights, a node's outgoing ones are those of the paths from it, its incoming ones
/// those of the paths to it.
/// </summary>
public sealed class GeneticSearch
{
    private readonly NetworkScenario _scenario;
    private readonly GeneticOptions _options;
    private readonly RandomStream _stream;
    private readonly WeightEvaluator _evaluator;
    private readonly int[][] _rows, _columns;

    /// <exception cref="InvalidInputException">An option is out of its range.</exception>
    public GeneticSearch(NetworkScenario scenario, GeneticOptions options)
    {
        options.Validate();
        _scenario = scenario;
        _options = options;
        _stream = new RandomStream(options.Seed, "genetic");
        _evaluator = new WeightEvaluator(scenario, options.Threads);

        // The reference keeps weights in a node matrix, so that shifts run in the order of the neighbours' node numbers.
        Topology topology = scenario.Topology;
        if (scenario.Router is PathRouter { Paths: var paths })
        {
            NodeId[] ends = [.. paths.SelectMany(path => new[] { path.From, path.To }).Distinct()];
            _rows = [.. ends.Select(node => Enumerable.Range(0, paths.Count).Where(p => paths[p].From == node).ToArray())];
            _columns = [.. ends.Select(node => Enumerable.Range(0, paths.Count).Where(p => paths[p].To == node).ToArray())];
            return;
        }

        NodeId[] nodes = [.. Enumerable.Range(0, topology.NodeCount).Select(node => new NodeId(node))];
        _rows = [.. nodes.Select(node => topology.OutLinks(node).ToArray().OrderBy(link => topology.Links[link].To.Index).ToArray())];
        _columns = [.. nodes.Select(node => topology.InLinks(node).ToArray().OrderBy(link => topology.Links[link].From.Index).ToArray())];
    }

    /// <param name="progress">Told after the random first population (iteration 0) and every generation; null if nobody asks.</param>
    /// <param name="cancellation">Ends the search after a generation, with what it has.</param>
    public SearchResult Run(Action<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        List<Individual> population = Evaluate([.. Enumerable.Range(0, _options.Population)
            .Select(_ => Genome.Random(_scenario.Router, _options.MaxWeight, _stream))]);
        Individual best = population[0];
        var bests = new List<double>(_options.Iterations + 1);
        while (true)
        {
            foreach (Individual individual in population)
            {
                if (individual.Phi < best.Phi)
                {
                    best = individual;
                }
            }

            bests.Add(best.Phi);
            progress?.Invoke(new SearchProgress(bests.Count - 1, _options.Iterations, best.Phi, _evaluator.Count));
            if (bests.Count > _options.Iterations || cancellation.IsCancellationRequested)
            {
                return new SearchResult([.. best.Weights.Select(weight => (double)weight)], best.Phi, _evaluator.Count, bests);
            }

            // Parents keep their value: only children and mutants are new.
            List<Individual> parents = Select(population);
            List<int[]> offspring = Cross(parents);
            offspring.AddRange(Mutate([.. parents.Select(parent => parent.Weights), .. offspring]));
            population = [.. parents, .. Evaluate(offspring)];
        }
    }

    private List<Individual> Evaluate(List<int[]> genomes)
    {
        double[] values = _evaluator.Evaluate(genomes);
        return [.. genomes.Select((genome, index) => new Individual(genome, values[index]))];
    }

    /// <summary>Linear ranking with replacement: p(rank i) = (s − (2s − 2)·i/(n − 1))/n, rank 0 the best, ties by position.</summary>
    private List<Individual> Select(List<Individual> population)
    {
        Individual[] ranked = [.. population.OrderBy(individual => individual.Phi)];
        double n = ranked.Length, pressure = _options.SelectionPressure;
        var cumulative = new double[ranked.Length];
        double sum = 0;
        for (int rank = 0; rank < ranked.Length; rank++)
        {
            cumulative[rank] = sum += (pressure - (2 * pressure - 2) * rank / (n - 1)) / n;
        }

        var selected = new List<Individual>(_options.Population);
        for (int i = 0; i < _options.Population; i++)
        {
            int rank = Array.BinarySearch(cumulative, _stream.NextDouble() * sum);
            selected.Add(ranked[Math.Min(rank < 0 ? ~rank : rank + 1, ranked.Length - 1)]);
        }

        return selected;
    }

    private List<int[]> Cross(List<Individual> parents)
    {
        var children = new List<int[]>();
        for (int i = 0; i + 1 < parents.Count; i += 2)
        {
            int[] first = parents[i].Weights, second = parents[i + 1].Weights;
            if (_stream.NextDouble() >= _options.CrossoverRate || first.AsSpan().SequenceEqual(second))
            {
                continue;
            }

            int[] child1 = [.. first], child2 = [.. second];
            for (int swap = 0; swap < _options.Swaps; swap++)
            {
                foreach (int link in RandomRowOrColumn(_stream.NextInt32(_rows.Length)))
                {
                    (child1[link], child2[link]) = (child2[link], child1[link]);
                }
            }

            children.Add(child1);
            children.Add(child2);
        }

        return children;
    }

    private List<int[]> Mutate(List<int[]> genomes)
    {
        var mutants = new List<int[]>();
        foreach (int[] genome in genomes)
        {
            // Paths that carry nothing have no weights to change.
            if (_rows.Length > 0 && _stream.NextDouble() < _options.MutationRate)
            {
                int[] mutant = [.. genome];
                int node = _stream.NextInt32(_rows.Length);
                for (int round = 0; round < _options.Shifts; round++)
                {
                    MutateOnce(mutant, RandomRowOrColumn(node));
                }

                mutants.Add(mutant);
            }
        }

        return mutants;
    }

    private void MutateOnce(int[] mutant, int[] links)
    {
        bool shift = _stream.NextInt32(2) == 0;
        if (links.Length == 0)
        {
            return;
        }

        if (shift)
        {
            int first = mutant[links[0]];
            for (int i = 0; i + 1 < links.Length; i++)
            {
                mutant[links[i]] = mutant[links[i + 1]];
            }

            mutant[links[^1]] = first;
        }

        for (int i = 0; i < _options.Reassigns; i++)
        {
            int weight = 1 + _stream.NextInt32(_options.MaxWeight), chosen = links[_stream.NextInt32(links.Length)];
            foreach (int link in links)
            {
                if (_options.ReferenceMutation || link == chosen)
                {
                    mutant[link] = weight;
                }
            }
        }
    }

    private int[] RandomRowOrColumn(int node) => _stream.NextInt32(2) == 0 ? _rows[node] : _columns[node];

    private sealed record Individual(int[] Weights, double Phi);
}

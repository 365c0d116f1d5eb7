namespace AkkaLb.Domain.Network;

/// <summary>Parameters of the <see cref="GeneticSearch"/>; the defaults are those of the reference.</summary>
public sealed record GeneticOptions
{
    /// <summary>Individuals that survive a selection, at least 2.</summary>
    public int Population { get; init; } = 100;

    /// <summary>Generations, at least 1.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Weights are integers from 1 to this, at least 2.</summary>
    public int MaxWeight { get; init; } = 64;

    /// <summary>Probability that a pair has children, 0 … 1.</summary>
    public double CrossoverRate { get; init; } = 0.7;

    /// <summary>Probability that an individual has a mutated copy, 0 … 1.</summary>
    public double MutationRate { get; init; } = 0.7;

    /// <summary>Nodes whose link weights a pair of children exchanges, at least 0.</summary>
    public int Swaps { get; init; } = 5;

    /// <summary>Rounds of shifting and reassigning in a mutation, at least 0.</summary>
    public int Shifts { get; init; } = 4;

    /// <summary>Reassignments in a round, at least 0.</summary>
    public int Reassigns { get; init; } = 4;

    /// <summary>Linear ranking: how many copies the best may expect, 1 … 2.</summary>
    public double SelectionPressure { get; init; } = 1.9;

    /// <summary>
    /// Reassign as the reference does, which gives all link weights of the row or column the same new value, instead of one
    /// random link weight of it (specification section 11, B6).
    /// </summary>
    public bool ReferenceMutation { get; init; }

    /// <summary>Threads that evaluate; changes the time only, at least 1.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Root seed; the stream is "genetic".</summary>
    public ulong Seed { get; init; }

    /// <exception cref="InvalidInputException">A parameter is out of its range; the message names all that are.</exception>
    public void Validate()
    {
        List<string> errors = [];
        AtLeast(nameof(Population), Population, 2);
        AtLeast(nameof(Iterations), Iterations, 1);
        AtLeast(nameof(MaxWeight), MaxWeight, 2);
        AtLeast(nameof(Swaps), Swaps, 0);
        AtLeast(nameof(Shifts), Shifts, 0);
        AtLeast(nameof(Reassigns), Reassigns, 0);
        AtLeast(nameof(Threads), Threads, 1);
        Between(nameof(CrossoverRate), CrossoverRate, 0, 1);
        Between(nameof(MutationRate), MutationRate, 0, 1);
        Between(nameof(SelectionPressure), SelectionPressure, 1, 2);
        if (errors.Count > 0)
        {
            throw new InvalidInputException($"genetic search: {string.Join("; ", errors)}");
        }

        void AtLeast(string name, int value, int minimum)
        {
            if (value < minimum)
            {
                errors.Add($"{name} is {value}, expected at least {minimum}");
            }
        }

        void Between(string name, double value, double minimum, double maximum)
        {
            if (!(value >= minimum && value <= maximum))
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}, expected {minimum} to {maximum}"));
            }
        }
    }
}

namespace AkkaLb.Domain.Game;

/// <summary>Gauss–Jordan elimination with partial pivoting, for systems of a few dozen unknowns.</summary>
internal static class LinearSystem
{
    /// <summary>A pivot below this share of its column's largest coefficient counts as zero.</summary>
    private const double Singular = 1e-10;

    /// <summary>
    /// Solves the augmented n × (n + 1) system in place; the solution is its last column. False if it is singular.
    /// </summary>
    public static bool Solve(double[,] system)
    {
        int size = system.GetLength(0);
        for (int pivot = 0; pivot < size; pivot++)
        {
            int row = pivot;
            double scale = 0;
            for (int r = 0; r < size; r++)
            {
                double magnitude = Math.Abs(system[r, pivot]);
                scale = Math.Max(scale, magnitude);
                if (r > pivot && magnitude > Math.Abs(system[row, pivot]))
                {
                    row = r;
                }
            }

            if (Math.Abs(system[row, pivot]) <= Singular * scale)
            {
                return false;
            }

            for (int column = pivot; column <= size; column++)
            {
                (system[row, column], system[pivot, column]) = (system[pivot, column], system[row, column]);
            }

            Eliminate(system, pivot, size);
        }

        return true;
    }

    private static void Eliminate(double[,] system, int pivot, int size)
    {
        double inverse = 1 / system[pivot, pivot];
        for (int column = pivot; column <= size; column++)
        {
            system[pivot, column] *= inverse;
        }

        for (int row = 0; row < size; row++)
        {
            double factor = system[row, pivot];
            if (row == pivot || factor == 0)
            {
                continue;
            }

            for (int column = pivot; column <= size; column++)
            {
                system[row, column] -= factor * system[pivot, column];
            }
        }
    }
}

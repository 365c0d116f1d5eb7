using System.Globalization;
using AkkaLb.Domain;
using AkkaLb.Learning.Backends;
using AkkaLb.Runtime.Configuration;

namespace AkkaLb.Runtime.Experiments;

/// <summary>Reads the section <c>akkalb.learning</c>: who computes what is learnt.</summary>
internal static class BackendReader
{
    private const string Section = "akkalb.learning";

    /// <param name="familyThreads">The threads that the family's own section asks for.</param>
    public static (BackendOptions Options, int Threads) Read(SectionReader reader, int familyThreads)
    {
        BackendChoice choice = reader.Choice(
            $"{Section}.backend", ("native", BackendChoice.Native), ("torch", BackendChoice.Torch), ("auto", BackendChoice.Auto));
        string device = reader.Text($"{Section}.device");
        string index = device.StartsWith("cuda:", StringComparison.Ordinal) ? device[5..] : "0";
        if (device is not ("cpu" or "cuda") && !(device.StartsWith("cuda:", StringComparison.Ordinal) && IsNumber(index)))
        {
            reader.Problem($"{Section}.device", "cpu, cuda or cuda:N");
        }
        else if (device != "cpu" && choice != BackendChoice.Torch)
        {
            reader.Problem($"{Section}.device", $"cpu, unless '{Section}.backend' is torch");
        }
        int threads = reader.Integer($"{Section}.threads", 0, 256);
        return (new BackendOptions(choice, device), threads == 0 ? familyThreads : threads);
    }

    /// <summary>To be called when everything else has been read, as it loads a library.</summary>
    /// <exception cref="InvalidInputException">The library or the device is not there; one line that says what to do.</exception>
    public static LearningBackend? Create(SectionReader reader, BackendOptions options)
    {
        try
        {
            return LearningBackends.Create(options);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{reader.Source}: {e.Message}", e);
        }
    }

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

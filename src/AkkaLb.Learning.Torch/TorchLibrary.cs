using System.Runtime.InteropServices;
using TorchSharp;

namespace AkkaLb.Learning.Torch;

/// <summary>
/// Finds and loads libtorch, once: from the folder that AKKALB_LIBTORCH names, else where the system looks for libraries. Programs are
/// built and run without it until a backend asks.
/// </summary>
internal static class TorchLibrary
{
    public const string Variable = "AKKALB_LIBTORCH";

    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>What keeps libtorch from being used, in one line; null: nothing.</summary>
    public static string? Problem => Failure.Value;

    private static string? Load()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        try
        {
            if (string.IsNullOrEmpty(folder))
            {
                if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
                {
                    return "libtorch is not installed: run the command through eng/torch, which installs it (130 MB), "
                        + $"or name the folder of libtorch and libLibTorchSharp.so in {Variable}";
                }
            }
            else if (Missing(folder) is { } missing)
            {
                return $"{Variable} is '{folder}', expected a folder with {missing}";
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (
            e is DllNotFoundException or NotSupportedException or TypeInitializationException or BadImageFormatException)
        {
            string where = string.IsNullOrEmpty(folder) ? "" : $" from {folder}";
            return $"libtorch cannot be loaded{where}: {FirstLine(e.GetBaseException().Message)}";
        }
    }

    /// <summary>Loads the libraries in the order in which they need each other; those for graphics cards where they are there.</summary>
    private static string? Missing(string folder)
    {
        foreach (string name in new[] { "c10", "torch_cpu", "c10_cuda?", "torch_cuda?", "torch", "LibTorchSharp" })
        {
            string file = FileName(name.TrimEnd('?')), path = Path.Combine(folder, file);
            if (File.Exists(path))
            {
                NativeLibrary.Load(path);
            }
            else if (!name.EndsWith('?'))
            {
                return file;
            }
        }

        return null;
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n', 2)[0].Trim();
}

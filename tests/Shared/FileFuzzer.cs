using System.Text;
using AkkaLb.Domain;
using AkkaLb.Domain.Randomness;

namespace AkkaLb.Tests.Shared;

/// <summary>Valid files with a few bytes changed: a reader reads them or says in one line why not, soon and in little memory.</summary>
internal static class FileFuzzer
{
    /// <summary>For one file of a kilobyte; what a length in it that was believed would ask for is far above.</summary>
    private const long MostBytes = 64L << 20;

    /// <param name="read">Reads a file, or throws <see cref="InvalidInputException"/> with a message of one line.</param>
    /// <param name="tries">Mutated files.</param>
    /// <param name="mostBytes">That reading one of them may allocate.</param>
    public static void Fuzz(string name, byte[] valid, Action<byte[]> read, int tries, long mostBytes = MostBytes)
    {
        read(valid);
        var stream = new RandomStream(99, "fuzz/" + name);
        int refused = 0;
        string? last = null;
        for (int i = 0; i < tries; i++)
        {
            byte[] bytes = Mutate(valid, stream);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (InvalidInputException e)
            {
                e.Message.ShouldNotContain('\n', Shown(name, bytes));
                refused++;
                last = e.Message;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(Shown(name, bytes), e);
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(mostBytes, Shown(name, bytes));
        }

        refused.ShouldBeInRange(1, tries - 1, last);
    }

    /// <summary>One to four changes: a bit, a byte, a piece taken out, doubled or moved, a number made extreme, an end cut off.</summary>
    public static byte[] Mutate(byte[] valid, RandomStream stream)
    {
        List<byte> bytes = [.. valid];
        for (int change = 1 + stream.NextInt32(4); change > 0 && bytes.Count > 0; change--)
        {
            int at = stream.NextInt32(bytes.Count), length = Math.Min(1 + stream.NextInt32(12), bytes.Count - at);
            switch (stream.NextInt32(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << stream.NextInt32(8));
                    break;
                case 1:
                    bytes[at] = (byte)stream.NextInt32(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(stream.NextInt32(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 5:
                    string[] numbers = ["-1", "0", "1e999", "NaN", "2147483648", "99999999999999999999", "\u2028", "\"", "<", "("];
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(numbers[stream.NextInt32(numbers.Length)]));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Shown(string name, byte[] bytes) => $"{name}: {Convert.ToBase64String(bytes)}";
}

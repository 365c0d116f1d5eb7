using TorchSharp;

namespace AkkaLb.Learning.Torch;

/// <summary>
/// Numbers in tensor arithmetic. TorchSharp turns a number into a native object with a finaliser, and no reference keeps that object while
/// native code reads it: a collection at the wrong moment frees it under the operation (seen after some hundred thousand operations on a
/// busy machine). Here the last few of each thread are kept, which is enough, as an operation is over when its call returns.
/// </summary>
internal static class Scalars
{
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar[]? _kept;

    [ThreadStatic]
    private static int _next;

    public static Scalar Number(double value)
    {
        Scalar number = value;
        (_kept ??= new Scalar[Kept])[_next++ & (Kept - 1)] = number;
        return number;
    }
}

using System.Runtime.CompilerServices;

namespace AkkaLb.Learning.Kernels;

/// <summary>
/// A fixed number of floats at a fixed address that is a multiple of 64 bytes, so that a 16-wide load never straddles two cache
/// lines. The memory belongs to the garbage collector and lives as long as this object is referenced.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    public const int AlignmentFloats = 16;

    private readonly float[] _array;
    private readonly int _offset;

    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _array = GC.AllocateArray<float>(length + AlignmentFloats, pinned: true);
        float* start = (float*)Unsafe.AsPointer(ref _array[0]);
        _offset = (int)((64 - (nuint)start % 64) % 64 / sizeof(float));
        Length = length;
        Pointer = start + _offset;
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);

    /// <summary>Rounds a length up so that what follows it is aligned too.</summary>
    public static int Align(int length) => (length + AlignmentFloats - 1) & ~(AlignmentFloats - 1);
}

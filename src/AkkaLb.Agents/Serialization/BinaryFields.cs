using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AkkaLb.Agents.Serialization;

/// <summary>Fields that <see cref="BinaryFormats"/> have in common: lists after their length.</summary>
internal static class BinaryFields
{
    extension(BinaryWriter writer)
    {
        public void WriteFloats(ReadOnlySpan<float> values) => writer.WriteRaw(values);

        public void WriteDoubles(ReadOnlySpan<double> values) => writer.WriteRaw(values);

        public void WriteBytes(ReadOnlySpan<byte> values) => writer.WriteRaw(values);

        /// <summary>Each 7-bit encoded.</summary>
        public void WriteCounts(ReadOnlySpan<int> values)
        {
            writer.Write7BitEncodedInt(values.Length);
            foreach (int value in values)
            {
                writer.Write7BitEncodedInt(value);
            }
        }

        public void WriteFlags(ReadOnlySpan<bool> values) => writer.WriteRaw(values);

        public void WriteList<T>(IReadOnlyCollection<T> values, Action<BinaryWriter, T> write)
        {
            writer.Write7BitEncodedInt(values.Count);
            foreach (T value in values)
            {
                write(writer, value);
            }
        }

        private void WriteRaw<T>(ReadOnlySpan<T> values)
            where T : unmanaged
        {
            writer.Write7BitEncodedInt(values.Length);
            writer.Write(MemoryMarshal.AsBytes(values));
        }
    }

    extension(BinaryReader reader)
    {
        public float[] ReadFloats() => reader.ReadRaw<float>();

        public double[] ReadDoubles() => reader.ReadRaw<double>();

        public byte[] ReadByteList() => reader.ReadRaw<byte>();

        public bool[] ReadFlags() => reader.ReadRaw<bool>();

        public ImmutableArray<float> ReadFloatList() => ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadFloats());

        public ImmutableArray<double> ReadDoubleList() => ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadDoubles());

        public int[] ReadCounts() => reader.ReadList(r => r.Read7BitEncodedInt(), 1);

        /// <param name="size">Bytes of an element, at least.</param>
        public T[] ReadList<T>(Func<BinaryReader, T> read, int size)
        {
            T[] values = new T[reader.ReadLength(size)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = read(reader);
            }
            return values;
        }

        /// <summary>A damaged count must not ask for memory that the bytes cannot fill.</summary>
        /// <param name="size">Bytes of an element, at least.</param>
        public int ReadLength(int size)
        {
            int count = reader.Read7BitEncodedInt();
            return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / size
                ? count
                : throw new EndOfStreamException();
        }

        private T[] ReadRaw<T>()
            where T : unmanaged
        {
            T[] values = new T[reader.ReadLength(System.Runtime.CompilerServices.Unsafe.SizeOf<T>())];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>The rest of <see cref="INumber{T}"/>.</summary>
internal readonly partial struct Fraction
{
    public static int Radix => 10;

    public static Fraction Abs(Fraction value) => value < 0 ? -value : value;

    public static bool IsCanonical(Fraction value) => true;

    public static bool IsComplexNumber(Fraction value) => false;

    public static bool IsEvenInteger(Fraction value) => value.Denominator.IsOne && value.Numerator.IsEven;

    public static bool IsFinite(Fraction value) => true;

    public static bool IsImaginaryNumber(Fraction value) => false;

    public static bool IsInfinity(Fraction value) => false;

    public static bool IsInteger(Fraction value) => value.Denominator.IsOne;

    public static bool IsNaN(Fraction value) => false;

    public static bool IsNegative(Fraction value) => value.Numerator.Sign < 0;

    public static bool IsNegativeInfinity(Fraction value) => false;

    public static bool IsNormal(Fraction value) => !value.Numerator.IsZero;

    public static bool IsOddInteger(Fraction value) => value.Denominator.IsOne && !value.Numerator.IsEven;

    public static bool IsPositive(Fraction value) => value.Numerator.Sign >= 0;

    public static bool IsPositiveInfinity(Fraction value) => false;

    public static bool IsRealNumber(Fraction value) => true;

    public static bool IsSubnormal(Fraction value) => false;

    public static bool IsZero(Fraction value) => value.Numerator.IsZero;

    public static Fraction MaxMagnitude(Fraction x, Fraction y) => Abs(x) >= Abs(y) ? x : y;

    public static Fraction MaxMagnitudeNumber(Fraction x, Fraction y) => MaxMagnitude(x, y);

    public static Fraction MinMagnitude(Fraction x, Fraction y) => Abs(x) <= Abs(y) ? x : y;

    public static Fraction MinMagnitudeNumber(Fraction x, Fraction y) => MinMagnitude(x, y);

    public static Fraction Parse(string s, IFormatProvider? provider) => Parse(s);

    public static Fraction Parse(string s, NumberStyles style, IFormatProvider? provider) => Parse(s);

    public static Fraction Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    public static Fraction Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => Parse(s.ToString());

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Fraction result) =>
        throw new NotSupportedException();

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out Fraction result) =>
        throw new NotSupportedException();

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Fraction result) =>
        throw new NotSupportedException();

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Fraction result) =>
        throw new NotSupportedException();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        string text = ToString();
        charsWritten = text.TryCopyTo(destination) ? text.Length : 0;
        return charsWritten > 0;
    }

    public static bool TryConvertFromChecked<TOther>(TOther value, out Fraction result)
        where TOther : INumberBase<TOther>
    {
        result = value switch { int i => i, long l => new Fraction(l, 1), _ => default };
        return value is int or long;
    }

    public static bool TryConvertFromSaturating<TOther>(TOther value, out Fraction result)
        where TOther : INumberBase<TOther> => TryConvertFromChecked(value, out result);

    public static bool TryConvertFromTruncating<TOther>(TOther value, out Fraction result)
        where TOther : INumberBase<TOther> => TryConvertFromChecked(value, out result);

    public static bool TryConvertToChecked<TOther>(Fraction value, [MaybeNullWhen(false)] out TOther result)
        where TOther : INumberBase<TOther> => TryConvertToSaturating(value, out result);

    public static bool TryConvertToSaturating<TOther>(Fraction value, [MaybeNullWhen(false)] out TOther result)
        where TOther : INumberBase<TOther>
    {
        if (typeof(TOther) == typeof(long))
        {
            result = (TOther)(object)(long)BigInteger.Min(value.Numerator / value.Denominator, long.MaxValue);
            return true;
        }

        result = default;
        return false;
    }

    public static bool TryConvertToTruncating<TOther>(Fraction value, [MaybeNullWhen(false)] out TOther result)
        where TOther : INumberBase<TOther> => TryConvertToSaturating(value, out result);
}

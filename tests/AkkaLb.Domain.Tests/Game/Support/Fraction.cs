using System.Globalization;
using System.Numerics;

namespace AkkaLb.Domain.Tests.Game;

/// <summary>An exact rational in lowest terms, so that the game's generic algorithms can be run without rounding.</summary>
internal readonly partial struct Fraction : INumber<Fraction>
{
    private readonly BigInteger _numerator, _denominatorOrZero;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (_numerator, _denominatorOrZero) = (numerator / divisor, denominator / divisor);
    }

    public BigInteger Numerator => _numerator;

    /// <summary>Positive. The default value of the type is 0/1, as arrays need it.</summary>
    public BigInteger Denominator => _denominatorOrZero.IsZero ? BigInteger.One : _denominatorOrZero;

    public static Fraction One => 1;

    public static Fraction Zero => 0;

    public static Fraction AdditiveIdentity => 0;

    public static Fraction MultiplicativeIdentity => 1;

    public static implicit operator Fraction(int value) => new(value, 1);

    public static explicit operator double(Fraction value) => (double)value.Numerator / (double)value.Denominator;

    /// <summary>"3", "-3/4" or a decimal such as "0.5".</summary>
    public static Fraction Parse(string text)
    {
        string[] parts = text.Split('/');
        int point = parts[0].IndexOf('.');
        BigInteger scale = point < 0 ? 1 : BigInteger.Pow(10, parts[0].Length - point - 1);
        var numerator = BigInteger.Parse(parts[0].Replace(".", ""), CultureInfo.InvariantCulture);
        return new Fraction(numerator, scale * (parts.Length > 1 ? BigInteger.Parse(parts[1], CultureInfo.InvariantCulture) : 1));
    }

    public static Fraction Max(Fraction a, Fraction b) => a >= b ? a : b;

    public static Fraction Min(Fraction a, Fraction b) => a <= b ? a : b;

    public static Fraction operator +(Fraction a, Fraction b) =>
        new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b) => a + -b;

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Fraction operator /(Fraction a, Fraction b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>a − b·trunc(a/b).</summary>
    public static Fraction operator %(Fraction a, Fraction b)
    {
        Fraction quotient = a / b;
        return a - b * new Fraction(BigInteger.Divide(quotient.Numerator, quotient.Denominator), 1);
    }

    public static Fraction operator -(Fraction a) => new(-a.Numerator, a.Denominator);

    public static Fraction operator +(Fraction a) => a;

    public static Fraction operator ++(Fraction a) => a + 1;

    public static Fraction operator --(Fraction a) => a - 1;

    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Fraction a, Fraction b) => a.Equals(b);

    public static bool operator !=(Fraction a, Fraction b) => !a.Equals(b);

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public int CompareTo(object? obj) => obj is Fraction other ? CompareTo(other) : 1;

    public bool Equals(Fraction other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Fraction other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    public override string ToString() => Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}";

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}

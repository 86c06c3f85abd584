using System.Globalization;
using System.Numerics;

namespace Disa.Emulator.DynamoDb;

/// <summary>DynamoDB's number: exact decimal, up to 38 significant digits, magnitude 1E-130 to 9.9999999999999999999999999999999999999E+125.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number</remarks>
internal sealed class Number : IComparable<Number>, IEquatable<Number>
{
    private const int MaxDigits = 38;
    private const int MaxExponent = 125;
    private const int MinExponent = -130;

    public static readonly Number Zero = new(false, "", 0);

    private readonly bool negative;

    /// <summary>Significant digits without leading or trailing zeros; empty is zero.</summary>
    private readonly string digits;

    /// <summary>The power of ten of the first digit.</summary>
    private readonly int exponent;

    private Number(bool negative, string digits, int exponent)
    {
        this.negative = negative;
        this.digits = digits;
        this.exponent = exponent;
    }

    /// <summary>The bytes that it takes in an item: one for each two digits, aligned at the decimal point, one more, and one for a minus sign.</summary>
    public int Size => digits.Length == 0 ? 1 : 1 + Pairs + (negative ? 1 : 0);

    private int Pairs => (digits.Length + (IsOdd(exponent) ? 0 : 1) + 1) / 2;

    /// <summary>Reads a number; answers AWS's message where it is none, null where it is one.</summary>
    public static string? Parse(string text, out Number number)
    {
        number = Zero;
        if (text.Length == 0)
        {
            return "The parameter cannot be converted to a numeric value";
        }

        var at = 0;
        var negative = false;
        if (text[0] is '+' or '-')
        {
            negative = text[0] == '-';
            at = 1;
        }

        var start = at;
        var point = -1;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && point < 0)))
        {
            if (text[at] == '.')
            {
                point = at;
            }

            at++;
        }

        var end = at;
        var count = end - start - (point < 0 ? 0 : 1);
        var scale = 0;
        if (
            count > 0
            && at < text.Length
            && text[at] is 'e' or 'E'
            && !int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out scale)
        )
        {
            return $"The parameter cannot be converted to a numeric value: {text}";
        }

        if (count == 0 || (at < text.Length && text[at] is not ('e' or 'E')))
        {
            return $"The parameter cannot be converted to a numeric value: {text}";
        }

        Span<char> buffer = count <= 256 ? stackalloc char[count] : new char[count];
        var length = 0;
        for (var i = start; i < end; i++)
        {
            if (text[i] != '.')
            {
                buffer[length++] = text[i];
            }
        }

        var integers = (point < 0 ? end : point) - start;
        return Of(negative, buffer, (long)integers - 1 + scale, out number);
    }

    public static Number Of(long value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        Parse(text, out var number);
        return number;
    }

    /// <summary>Adds; answers AWS's message where the sum is out of range.</summary>
    public static string? Add(Number left, Number right, out Number sum)
    {
        var power = Math.Min(left.LastExponent, right.LastExponent);
        var total = left.Scaled(power) + right.Scaled(power);
        var text = BigInteger.Abs(total).ToString(CultureInfo.InvariantCulture);
        return Of(total.Sign < 0, text, (long)text.Length - 1 + power, out sum);
    }

    public Number Negate() => digits.Length == 0 ? this : new Number(!negative, digits, exponent);

    public int CompareTo(Number? other)
    {
        if (other is null)
        {
            return 1;
        }

        var sign = Sign;
        if (sign != other.Sign)
        {
            return sign.CompareTo(other.Sign);
        }

        if (sign == 0)
        {
            return 0;
        }

        var magnitude = exponent != other.exponent ? exponent.CompareTo(other.exponent) : string.CompareOrdinal(digits, other.digits);
        return sign < 0 ? -magnitude : magnitude;
    }

    public bool Equals(Number? other) =>
        other is not null && negative == other.negative && exponent == other.exponent && digits == other.digits;

    public override bool Equals(object? obj) => Equals(obj as Number);

    public override int GetHashCode() => HashCode.Combine(negative, digits, exponent);

    /// <summary>The whole seconds of a time to live, or null where it is no time in 64 bits.</summary>
    public long? ToInt64()
    {
        if (digits.Length == 0)
        {
            return 0;
        }

        if (exponent is < 0 or > 18)
        {
            return exponent < 0 ? 0 : null;
        }

        var whole = digits.Length > exponent + 1 ? digits[..(exponent + 1)] : digits.PadRight(exponent + 1, '0');
        return long.TryParse((negative ? "-" : "") + whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>As DynamoDB answers it: plain notation, no superfluous zeros.</summary>
    public override string ToString()
    {
        if (digits.Length == 0)
        {
            return "0";
        }

        var sign = negative ? "-" : "";
        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        return digits.Length <= exponent + 1
            ? $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}"
            : $"{sign}{digits.AsSpan(0, exponent + 1)}.{digits.AsSpan(exponent + 1)}";
    }

    /// <summary>Bytes whose order is the numbers' order.</summary>
    public byte[] ToKey()
    {
        if (digits.Length == 0)
        {
            return [2];
        }

        // Sign, exponent, then two digits a byte; a negative number's bytes are inverted, with an end mark so that the shorter is the greater.
        var pairs = (digits.Length + 1) / 2;
        var key = new byte[2 + pairs + (negative ? 1 : 0)];
        key[0] = (byte)(negative ? 1 : 3);
        key[1] = (byte)(exponent - MinExponent);
        for (var i = 0; i < pairs; i++)
        {
            var high = digits[2 * i] - '0';
            var low = (2 * i) + 1 < digits.Length ? digits[(2 * i) + 1] - '0' : 0;
            key[2 + i] = (byte)(1 + (10 * high) + low);
        }

        if (negative)
        {
            for (var i = 1; i < 2 + pairs; i++)
            {
                key[i] = (byte)(255 - key[i]);
            }

            key[^1] = 255;
        }

        return key;
    }

    private int Sign =>
        digits.Length == 0 ? 0
        : negative ? -1
        : 1;

    private int LastExponent => digits.Length == 0 ? 0 : exponent - digits.Length + 1;

    private static bool IsOdd(int value) => (value & 1) != 0;

    private BigInteger Scaled(int power)
    {
        if (digits.Length == 0)
        {
            return BigInteger.Zero;
        }

        var value = BigInteger.Parse(digits, CultureInfo.InvariantCulture) * BigInteger.Pow(10, LastExponent - power);
        return negative ? -value : value;
    }

    private static string? Of(bool negative, ReadOnlySpan<char> all, long firstExponent, out Number number)
    {
        number = Zero;
        var leading = 0;
        while (leading < all.Length && all[leading] == '0')
        {
            leading++;
        }

        var significant = all[leading..].TrimEnd('0');
        if (significant.IsEmpty)
        {
            return null;
        }

        var exponent = firstExponent - leading;
        if (exponent > MaxExponent)
        {
            return "Number overflow. Attempting to store a number with magnitude larger than supported range";
        }

        if (exponent < MinExponent)
        {
            return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
        }

        if (significant.Length > MaxDigits)
        {
            return "Attempting to store more than 38 significant digits in a Number";
        }

        number = new Number(negative, significant.ToString(), (int)exponent);
        return null;
    }
}

using System.Globalization;
using System.Numerics;
using CsCheck;
using Disa.Emulator.DynamoDb;
using AttributeValue = Disa.Emulator.DynamoDb.AttributeValue;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class KeyTests
{
    private static readonly Gen<string> Numbers =
        from negative in Gen.Bool
        from digits in Gen.Char['0', '9'].Array[1, 38]
        from exponent in Gen.Int[-92, 87]
        select $"{(negative ? "-" : "")}{new string(digits)}e{exponent}";

    [Fact]
    public void Numbers_as_keys_have_the_order_of_the_numbers() =>
        Gen.Select(Numbers, Numbers)
            .Sample(
                (left, right) =>
                {
                    var (a, b) = (Parse(left), Parse(right));
                    return Math.Sign(a.ToKey().AsSpan().SequenceCompareTo(b.ToKey())) == Math.Sign(Value(left).CompareTo(Value(right)))
                        && Math.Sign(a.CompareTo(b)) == Math.Sign(Value(left).CompareTo(Value(right)));
                }
            );

    [Fact]
    public void Close_numbers_as_keys_have_the_order_of_the_numbers() =>
        Gen.Select(Gen.Long[-20000, 20000], Gen.Long[-20000, 20000], Gen.Int[-3, 3])
            .Sample(
                (left, right, scale) =>
                    Math.Sign(Parse($"{left}e{scale}").ToKey().AsSpan().SequenceCompareTo(Parse($"{right}e{scale}").ToKey()))
                    == Math.Sign(left.CompareTo(right))
            );

    [Fact]
    public void Strings_as_keys_have_the_order_of_the_strings() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (left, right) =>
                {
                    // Lone surrogates are no text: JSON cannot carry them.
                    if (left.Any(char.IsSurrogate) || right.Any(char.IsSurrogate))
                    {
                        return true;
                    }

                    var (a, b) = (AttributeValue.Of(left), AttributeValue.Of(right));
                    return Math.Sign(RowKey.Bytes(a).AsSpan().SequenceCompareTo(RowKey.Bytes(b))) == Math.Sign(a.CompareTo(b)!.Value);
                }
            );

    [Fact]
    public void Strings_beyond_the_basic_plane_come_last() =>
        Assert.True(AttributeValue.Of("😀").CompareTo(AttributeValue.Of("\uFFFD")) > 0);

    [Fact]
    public void Sums_are_exact() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Int[-10, 10])
            .Sample(
                (left, right, scale) =>
                {
                    var problem = Number.Add(Parse($"{left}e{scale}"), Parse($"{right}e{scale}"), out var sum);
                    return problem is null && sum.Equals(Parse($"{(BigInteger)left + right}e{scale}"));
                }
            );

    [Fact]
    public void A_number_has_one_form() =>
        Numbers.Sample(text =>
            Parse(Parse(text).ToString()).Equals(Parse(text)) && Parse(Parse(text).ToString()).ToString() == Parse(text).ToString()
        );

    [Theory]
    [InlineData("1e2", "100")]
    [InlineData("-0", "0")]
    [InlineData("00012.3400", "12.34")]
    [InlineData("1e-5", "0.00001")]
    [InlineData(".5", "0.5")]
    [InlineData("+7.", "7")]
    [InlineData(
        "9.9999999999999999999999999999999999999E+125",
        "99999999999999999999999999999999999999"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    )]
    public void Numbers_are_answered_in_plain_form(string given, string answered) => Assert.Equal(answered, Parse(given).ToString());

    [Theory]
    [InlineData("1", 2)]
    [InlineData("-1", 3)]
    [InlineData("100", 2)]
    [InlineData("12", 2)]
    [InlineData("123", 3)]
    [InlineData("0", 1)]
    [InlineData("1234567890", 6)]
    public void Numbers_take_a_byte_for_two_digits(string number, int size) => Assert.Equal(size, Parse(number).Size);

    [Fact]
    public void An_item_survives_its_form_at_rest() =>
        Gen.Select(Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 10], Gen.Long), Gen.Byte.Array)
            .Sample(
                (map, bytes) =>
                {
                    var inner = new Item();
                    foreach (var (name, value) in map)
                    {
                        inner[name] = AttributeValue.Of(Number.Of(value));
                    }

                    var item = new Item
                    {
                        ["m"] = AttributeValue.Of(inner),
                        ["b"] = AttributeValue.Of(bytes),
                        ["l"] = AttributeValue.List([AttributeValue.Null, AttributeValue.True]),
                    };
                    return ItemCodec.Decode(ItemCodec.Encode(item)).SameAs(item);
                }
            );

    private static Number Parse(string text)
    {
        Assert.Null(Number.Parse(text, out var number));
        return number;
    }

    private static BigInteger Value(string text)
    {
        var parts = text.Split('e');
        return BigInteger.Parse(parts[0], CultureInfo.InvariantCulture)
            * BigInteger.Pow(10, int.Parse(parts[1], CultureInfo.InvariantCulture) + 100);
    }
}

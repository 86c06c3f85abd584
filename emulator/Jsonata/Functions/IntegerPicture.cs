using System.Text;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>How an integer is written: <c>#,##0</c>, <c>I</c>, <c>a</c>, <c>w;o</c> and the like.</summary>
/// <remarks>https://www.w3.org/TR/xpath-functions-31/#func-format-integer</remarks>
internal sealed class IntegerPicture
{
    private static readonly int[] DecimalGroups =
    [
        0x30,
        0x0660,
        0x06F0,
        0x07C0,
        0x0966,
        0x09E6,
        0x0A66,
        0x0AE6,
        0x0B66,
        0x0BE6,
        0x0C66,
        0x0CE6,
        0x0D66,
        0x0DE6,
        0x0E50,
        0x0ED0,
        0x0F20,
        0x1040,
        0x1090,
        0x17E0,
        0x1810,
        0x1946,
        0x19D0,
        0x1A80,
        0x1A90,
        0x1B50,
        0x1BB0,
        0x1C40,
        0x1C50,
        0xA620,
        0xA8D0,
        0xA900,
        0xA9D0,
        0xA9F0,
        0xAA50,
        0xABF0,
        0xFF10,
    ];

    private readonly List<(int Position, string Separator)> _separators = [];
    private int _regular;
    private int _zero = '0';

    private enum Form
    {
        Decimal,
        Letters,
        Roman,
        Words,
        Sequence,
    }

    private enum Case
    {
        Lower,
        Upper,
        Title,
    }

    private Form _form = Form.Decimal;
    private Case _case = Case.Lower;
    private string _token = "";

    public bool IsOrdinal { get; private set; }

    public int MandatoryDigits { get; set; }

    public int OptionalDigits { get; private set; }

    /// <summary>The separator where it stands in regular places, as in <c>01:01</c>.</summary>
    public string? RegularSeparator => _regular > 0 ? _separators[0].Separator : null;

    /// <summary>Set where exactly as many digits are read.</summary>
    public int? DigitsToRead { get; set; }

    public static IntegerPicture Parse(string picture)
    {
        var semicolon = picture.LastIndexOf(';');
        var primary = semicolon < 0 ? picture : picture[..semicolon];
        var parsed = new IntegerPicture { IsOrdinal = semicolon >= 0 && picture.AsSpan(semicolon + 1).StartsWith("o") };
        (parsed._form, parsed._case) = primary switch
        {
            "A" => (Form.Letters, Case.Upper),
            "a" => (Form.Letters, Case.Lower),
            "I" => (Form.Roman, Case.Upper),
            "i" => (Form.Roman, Case.Lower),
            "W" => (Form.Words, Case.Upper),
            "Ww" => (Form.Words, Case.Title),
            "w" => (Form.Words, Case.Lower),
            _ => (Form.Decimal, Case.Lower),
        };
        if (parsed._form == Form.Decimal)
        {
            parsed.Digits(primary);
        }

        return parsed;
    }

    public string Format(double value)
    {
        var text = Unsigned(Math.Abs(value));
        return value < 0 ? $"-{text}" : text;
    }

    /// <summary>A regular expression for what <see cref="Read"/> understands.</summary>
    public string Pattern()
    {
        switch (_form)
        {
            case Form.Letters:
                return _case == Case.Upper ? "[A-Z]+" : "[a-z]+";
            case Form.Roman:
                return _case == Case.Upper ? "[MDCLXVI]+" : "[mdclxvi]+";
            case Form.Words:
                return NumberWords.Pattern;
            case Form.Sequence:
                throw Unsupported();
            default:
                return (DigitsToRead is { } count ? $"[0-9]{{{count}}}" : "[0-9]+") + (IsOrdinal ? "(?:th|st|nd|rd)" : "");
        }
    }

    /// <summary>NaN where the text is not such an integer.</summary>
    public double Read(string text) =>
        _form switch
        {
            Form.Letters => Numerals.OfLetters(text, _case == Case.Upper ? 'A' : 'a'),
            Form.Roman => Numerals.OfRoman(text.ToUpperInvariant()),
            Form.Words => NumberWords.Read(text.ToLowerInvariant()),
            Form.Sequence => throw Unsupported(),
            _ => ReadDigits(text),
        };

    private JsonataException Unsupported() => new("D3130") { Value = $"\"{_token}\"" };

    private void Digits(string primary)
    {
        int? zero = null;
        var position = 0;
        foreach (var rune in primary.EnumerateRunes().Reverse())
        {
            var group = DecimalGroups.FirstOrDefault(start => rune.Value >= start && rune.Value <= start + 9, -1);
            if (group >= 0)
            {
                MandatoryDigits++;
                position++;
                zero = zero is null || zero == group ? group : throw new JsonataException("D3131");
            }
            else if (rune.Value == '#')
            {
                position++;
                OptionalDigits++;
            }
            else
            {
                _separators.Add((position, rune.ToString()));
            }
        }

        _zero = zero ?? '0';
        if (MandatoryDigits == 0)
        {
            (_form, _token) = (Form.Sequence, primary);
        }
        else if (_separators.Select(separator => separator.Separator).Distinct().Count() == 1)
        {
            _regular = NumberSubPicture.Regular([.. _separators.Select(separator => separator.Position)]);
        }
    }

    private string Unsigned(double value) =>
        _form switch
        {
            Form.Letters => Numerals.Letters(value, _case == Case.Upper ? 'A' : 'a'),
            Form.Roman when _case == Case.Upper => Numerals.Roman(value).ToUpperInvariant(),
            Form.Roman => Numerals.Roman(value),
            Form.Words when _case == Case.Upper => NumberWords.Of(value, IsOrdinal).ToUpperInvariant(),
            Form.Words when _case == Case.Lower => NumberWords.Of(value, IsOrdinal).ToLowerInvariant(),
            Form.Words => NumberWords.Of(value, IsOrdinal),
            Form.Sequence => throw Unsupported(),
            _ => Decimal(value),
        };

    private string Decimal(double value)
    {
        var digits = Numbers.ToText(value).PadLeft(MandatoryDigits, '0');
        var length = digits.Length;
        var text = new StringBuilder(
            _zero == '0' ? digits : string.Concat(digits.Select(digit => char.ConvertFromUtf32(digit - '0' + _zero)))
        );
        if (_regular > 0)
        {
            for (var at = length - _regular; at > 0; at -= _regular)
            {
                text.Insert(at, _separators[0].Separator);
            }
        }
        else
        {
            foreach (var (position, separator) in _separators)
            {
                text.Insert(Math.Max(0, length - position), separator);
            }
        }

        return text + (IsOrdinal ? Suffix(digits) : "");
    }

    private static string Suffix(string digits) =>
        digits is [.., '1', _]
            ? "th"
            : digits[^1] switch
            {
                '1' => "st",
                '2' => "nd",
                '3' => "rd",
                _ => "th",
            };

    private double ReadDigits(string text)
    {
        var digits = IsOrdinal ? text[..Math.Max(0, text.Length - 2)] : text;
        foreach (var (_, separator) in _regular > 0 ? [(0, ",")] : _separators)
        {
            digits = digits.Replace(separator, "", StringComparison.Ordinal);
        }

        var value = 0.0;
        var isNegative = digits.StartsWith('-');
        var read = 0;
        foreach (var rune in digits.EnumerateRunes().Skip(isNegative ? 1 : 0))
        {
            var digit = rune.Value - _zero;
            if (digit is < 0 or > 9)
            {
                break;
            }

            value = value * 10 + digit;
            read++;
        }

        return read == 0 ? double.NaN
            : isNegative ? -value
            : value;
    }
}

using System.Text;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions on texts, which count characters of Unicode.</summary>
internal static class Strings
{
    public static Value? String(Call call, Value?[] arguments) =>
        arguments.At(0) is { } value
            ? new StringValue(Texts.Of(value, call.Evaluator.Budget, arguments.At(1) is BooleanValue { Value: true }))
            : null;

    public static Value? Substring(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var characters = text.EnumerateRunes().ToArray();
        var start = arguments.Number(1) ?? 0;
        if (characters.Length + start < 0)
        {
            start = 0;
        }

        if (arguments.Number(2) is not { } length)
        {
            return Slice(characters, start, characters.Length);
        }

        if (length <= 0)
        {
            return StringValue.Empty;
        }

        return Slice(characters, start, start >= 0 ? start + length : characters.Length + start + length);
    }

    public static Value? SubstringBefore(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var at = text.IndexOf(arguments.Text(1) ?? "undefined", StringComparison.Ordinal);
        return at < 0 ? arguments[0] : new StringValue(text[..at]);
    }

    public static Value? SubstringAfter(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var part = arguments.Text(1) ?? "undefined";
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? arguments[0] : new StringValue(text[(at + part.Length)..]);
    }

    public static Value? Lowercase(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new StringValue(text.ToLowerInvariant()) : null;

    public static Value? Uppercase(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new StringValue(text.ToUpperInvariant()) : null;

    public static Value? Length(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new NumberValue(text.EnumerateRunes().Count()) : null;

    public static Value? Trim(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var words = text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return new StringValue(string.Join(' ', words));
    }

    public static Value? Pad(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var width = arguments.Number(1) ?? 0;
        var missing = Math.Abs(width) - text.EnumerateRunes().Count();
        if (missing <= 0)
        {
            return arguments[0];
        }

        call.Evaluator.Budget.CheckText((long)missing + text.Length);
        var padding = arguments.Text(2) is { Length: > 0 } given ? given.EnumerateRunes().ToArray() : [new Rune(' ')];
        var filling = new StringBuilder();
        for (var i = 0; i < Math.Floor(missing); i++)
        {
            filling.Append(padding[i % padding.Length]);
        }

        return new StringValue(width > 0 ? $"{text}{filling}" : $"{filling}{text}");
    }

    public static Value? Join(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } parts)
        {
            return null;
        }

        var separator = arguments.Text(1) ?? "";
        var joined = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            joined.Append(i > 0 ? separator : "").Append((parts[i] as StringValue)?.Value);
            call.Evaluator.Budget.Take(1);
            call.Evaluator.Budget.CheckLength(joined.Length);
        }

        return new StringValue(joined.ToString());
    }

    private static StringValue Slice(Rune[] characters, double start, double end)
    {
        var from = Place(start, characters.Length);
        var to = Place(end, characters.Length);
        var slice = new StringBuilder();
        for (var i = from; i < to; i++)
        {
            slice.Append(characters[i]);
        }

        return new StringValue(slice.ToString());
    }

    /// <summary>As JavaScript's slice: without its fraction, from the end where it is negative.</summary>
    private static int Place(double place, int length)
    {
        place = Math.Truncate(place);
        return (int)Math.Clamp(place < 0 ? length + place : place, 0, length);
    }
}

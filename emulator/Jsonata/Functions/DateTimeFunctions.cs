using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Moments and their texts.</summary>
internal static partial class DateTimeFunctions
{
    public static Value? Now(Call call, Value?[] arguments) =>
        Format(call.Evaluator.Environment.Now.ToUnixTimeMilliseconds(), arguments.Text(0), arguments.Text(1));

    public static Value? Millis(Call call, Value?[] arguments) => new NumberValue(call.Evaluator.Environment.Now.ToUnixTimeMilliseconds());

    public static Value? FromMillis(Call call, Value?[] arguments) =>
        arguments.Number(0) is { } millis ? Format(millis, arguments.Text(1), arguments.Text(2)) : null;

    public static Value? ToMillis(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var now = new Instant(call.Evaluator.Environment.Now.ToUnixTimeMilliseconds());
        var millis = arguments.Text(1) is { } picture ? DateTimeReader.Read(text, picture, now) : Iso8601(text);
        return millis is { } known ? new NumberValue(known) : null;
    }

    private static StringValue Format(double millis, string? picture, string? timezone)
    {
        if (!(Math.Abs(millis) <= Instant.Farthest))
        {
            throw new JsonataException("D1001") { Value = Numbers.ToText(millis) };
        }

        var offset = timezone is null ? 0 : Offset(timezone);
        var parts = picture is null ? DateTimePicture.Iso8601 : DateTimePicture.Parse(picture);
        var minutes = offset / 100 * 60 + offset % 100;
        var instant = new Instant((long)millis + minutes * 60_000L);
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Component == '\0' ? part.Text : DateTimeComponents.Text(instant, part, offset));
        }

        return new StringValue(text.ToString());
    }

    /// <summary>From <c>±hhmm</c>.</summary>
    private static int Offset(string timezone)
    {
        var match = LeadingInteger().Match(timezone);
        return match.Success ? int.Parse(match.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
    }

    private static double? Iso8601(string text)
    {
        var match = Timestamp().Match(text);
        if (!match.Success)
        {
            throw new JsonataException("D3110") { Value = Evaluation.Texts.Json(new StringValue(text)) };
        }

        double Part(int group, double otherwise) =>
            match.Groups[group].Success ? double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : otherwise;

        var fraction = match.Groups[7].Success
            ? Math.Floor(double.Parse($"0.{match.Groups[7].ValueSpan}", CultureInfo.InvariantCulture) * 1000)
            : 0;
        var (month, day, hour) = (Part(2, 1), Part(3, 1), Part(4, 0));
        if (month is < 1 or > 12 || day < 1 || day > 31 || hour > 24)
        {
            return null;
        }

        var instant = Instant.Of(Part(1, 0), month, day, hour, Part(5, 0), Part(6, 0), fraction);
        var zone = (Part(9, 0) * 60 + Part(10, 0)) * (match.Groups[8].Value == "-" ? -1 : 1);
        return instant.Milliseconds - zone * 60_000;
    }

    [GeneratedRegex(@"^\s*[-+]?[0-9]{1,8}", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingInteger();

    [GeneratedRegex(
        @"^([0-9]{4})(?:-([01][0-9]))?(?:-([0-3][0-9]))?(?:T([0-2][0-9]):([0-5][0-9]):([0-5][0-9]))?(?:\.([0-9]+))?(?:([+-])([0-2][0-9]):?([0-5][0-9])|Z)?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Timestamp();
}

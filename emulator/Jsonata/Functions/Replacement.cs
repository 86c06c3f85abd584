using System.Globalization;
using System.Text;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary><c>$replace</c>.</summary>
internal static class Replacement
{
    public static Value? Replace(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        if (arguments.At(1) is StringValue { Value: "" })
        {
            throw new JsonataException("D3010") { Value = "\"\"", Index = 2 };
        }

        var limit = Matching.Limit(arguments, 3, "D3011");
        var result = arguments.At(1) is StringValue { Value: var part }
            ? OfText(call, text, part, arguments.Text(2) ?? "", limit)
            : OfMatches(call, arguments, text, limit);
        call.Evaluator.Budget.CheckText(result.Length);
        return new StringValue(result);
    }

    private static string OfText(Call call, string text, string part, string replacement, double limit)
    {
        var result = new StringBuilder();
        var position = 0;
        for (var count = 0; count < limit; count++)
        {
            var at = text.IndexOf(part, position, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            result.Append(text, position, at - position).Append(replacement);
            position = at + part.Length;
            Check(call, result);
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static string OfMatches(Call call, Value?[] arguments, string text, double limit)
    {
        var result = new StringBuilder();
        var position = 0;
        var match = limit > 0 ? Matching.Start(call, arguments) : null;
        for (var count = 0; match is not null && count < limit; count++)
        {
            var start = Math.Clamp(Matching.At(match, "start"), position, text.Length);
            result.Append(text, position, start - position);
            result.Append(
                arguments.At(2) is StringValue { Value: var pattern } ? Substituted(pattern, match) : Computed(call, arguments.At(2), match)
            );
            position = Math.Min(start + ((match["match"] as StringValue)?.Value.Length ?? 0), text.Length);
            Check(call, result);
            match = Matching.Next(call, match);
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static void Check(Call call, StringBuilder result)
    {
        call.Evaluator.Budget.Take(1);
        call.Evaluator.Budget.CheckLength(result.Length);
    }

    private static string Computed(Call call, Value? function, ObjectValue match) =>
        call.Evaluator.Calls.Invoke(function, [match], NullValue.Instance, call.Frame) switch
        {
            StringValue text => text.Value,
            var other => throw new JsonataException("D3012") { Value = Texts.Json(other) },
        };

    /// <summary><c>$0</c> is the match, <c>$1</c> and on its groups, <c>$$</c> a dollar sign.</summary>
    private static string Substituted(string pattern, ObjectValue match)
    {
        var groups = match["groups"] as ArrayValue ?? ArrayValue.Plain();
        var result = new StringBuilder();
        var position = 0;
        for (var dollar = pattern.IndexOf('$', StringComparison.Ordinal); dollar >= 0; dollar = pattern.IndexOf('$', position))
        {
            result.Append(pattern, position, dollar - position);
            position = dollar + 1;
            var next = position < pattern.Length ? pattern[position] : '\0';
            if (next == '$')
            {
                result.Append('$');
                position++;
            }
            else if (next == '0')
            {
                result.Append((match["match"] as StringValue)?.Value);
                position++;
            }
            else
            {
                position = Group(pattern, position, groups, result);
            }
        }

        return result.Append(pattern, position, pattern.Length - position).ToString();
    }

    /// <summary>As many digits as the number of groups has, one less where that is too large.</summary>
    private static int Group(string pattern, int position, ArrayValue groups, StringBuilder result)
    {
        var most = groups.Count == 0 ? 1 : (int)Math.Floor(Math.Log10(groups.Count)) + 1;
        var index = Leading(pattern, position, most);
        if (most > 1 && index > groups.Count)
        {
            index = Leading(pattern, position, most - 1);
        }

        if (index is not { } number)
        {
            result.Append('$');
            return position;
        }

        if (number >= 1 && number <= groups.Count)
        {
            result.Append((groups[number - 1] as StringValue)?.Value);
        }

        return position + number.ToString(CultureInfo.InvariantCulture).Length;
    }

    private static int? Leading(string pattern, int position, int most)
    {
        var end = position;
        while (end < pattern.Length && end < position + most && char.IsAsciiDigit(pattern[end]))
        {
            end++;
        }

        return end == position ? null : int.Parse(pattern.AsSpan(position, end - position), CultureInfo.InvariantCulture);
    }
}

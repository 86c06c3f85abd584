using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>The condition of a path's filter.</summary>
internal abstract record PathFilter
{
    public abstract bool Holds(JsonElement current, JsonElement root);
}

/// <summary>A row of any length: each does not stand inside the next.</summary>
internal sealed record AndFilter(List<PathFilter> All) : PathFilter
{
    public override bool Holds(JsonElement current, JsonElement root) => All.TrueForAll(filter => filter.Holds(current, root));
}

internal sealed record OrFilter(List<PathFilter> All) : PathFilter
{
    public override bool Holds(JsonElement current, JsonElement root) => All.Exists(filter => filter.Holds(current, root));
}

internal sealed record NotFilter(PathFilter Inner) : PathFilter
{
    public override bool Holds(JsonElement current, JsonElement root) => !Inner.Holds(current, root);
}

/// <summary><c>@.a</c> alone: it is there.</summary>
internal sealed record ExistsFilter(FilterOperand Operand) : PathFilter
{
    public override bool Holds(JsonElement current, JsonElement root) => Operand.Value(current, root).IsDefined();
}

/// <summary><c>@.a &lt; 10</c> and the like.</summary>
internal sealed record CompareFilter(FilterOperand Left, string Operator, FilterOperand Right) : PathFilter
{
    public override bool Holds(JsonElement current, JsonElement root)
    {
        var left = Left.Value(current, root);
        var right = Right.Value(current, root);
        return Operator switch
        {
            "==" => Equal(left, right),
            "!=" => !Equal(left, right),
            "in" => Contains(right, left),
            "nin" => !Contains(right, left),
            "=~" => PathPattern.IsMatch(Right.Pattern!, Text(left)),
            _ => Order(left, right) is { } order
                && Operator switch
                {
                    "<" => order < 0,
                    "<=" => order <= 0,
                    ">" => order > 0,
                    _ => order >= 0,
                },
        };
    }

    private static bool Equal(JsonElement left, JsonElement right) =>
        left.IsDefined() && right.IsDefined() && JsonElement.DeepEquals(left, right);

    private static bool Contains(JsonElement list, JsonElement item) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().Any(other => Equal(other, item));

    /// <summary>
    /// What a pattern is compared with: of a number and a Boolean its text, of what is neither nor a string the empty one.
    /// </summary>
    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "",
        };

    private static int? Order(JsonElement left, JsonElement right) =>
        (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => left.GetDouble().CompareTo(right.GetDouble()),
            (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
            _ => null,
        };
}

/// <summary>One side of a comparison: a literal, a pattern, or a path from <c>@</c> or <c>$</c>.</summary>
internal sealed record FilterOperand(JsonElement Literal, Regex? Pattern, JsonPath? Path, bool FromRoot)
{
    /// <summary>Undefined where the path leads nowhere.</summary>
    public JsonElement Value(JsonElement current, JsonElement root)
    {
        if (Path is null)
        {
            return Literal;
        }

        try
        {
            return Path.Read(FromRoot ? root : current, root);
        }
        catch (PathException)
        {
            return default;
        }
    }

    /// <exception cref="FormatException">It is not a number.</exception>
    public static FilterOperand Number(string text)
    {
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Number } number ? new(number, null, null, false) : throw Not(text);
        }
        catch (JsonException)
        {
            throw Not(text);
        }
    }

    private static FormatException Not(string text) => new($"'{text}' is not a number.");
}

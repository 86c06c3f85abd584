using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.Choices;

/// <summary>One value compared with another, or asked for its kind. Values of the wrong kind compare to false.</summary>
internal sealed class Comparison : ChoiceRule
{
    private static readonly string[] Kinds = ["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"];

    private static readonly Dictionary<string, Func<int, bool>> Orders = new(StringComparer.Ordinal)
    {
        ["Equals"] = order => order == 0,
        ["LessThan"] = order => order < 0,
        ["GreaterThan"] = order => order > 0,
        ["LessThanEquals"] = order => order <= 0,
        ["GreaterThanEquals"] = order => order >= 0,
    };

    private readonly JsonPath _variable;
    private readonly string _type;
    private readonly Func<int, bool>? _order;
    private readonly JsonElement _value;
    private readonly JsonPath? _path;

    private Comparison(JsonPath variable, string type, Func<int, bool>? order, JsonElement value, JsonPath? path) =>
        (_variable, _type, _order, _value, _path) = (variable, type, order, value, path);

    public override bool Holds(Scope scope)
    {
        if (_type == "IsPresent")
        {
            return _variable.TryRead(scope, out _) == _value.GetBoolean();
        }

        var left = Value(_variable, scope);
        if (_type.StartsWith("Is", StringComparison.Ordinal))
        {
            return IsOfKind(left) == _value.GetBoolean();
        }

        var right = _path is null ? _value : Value(_path, scope);
        if (_type == "StringMatches")
        {
            return left.ValueKind == JsonValueKind.String && Wildcard.Matches(left.GetString()!, right.GetString()!);
        }

        return Order(left, right) is { } order && _order!(order);
    }

    public static new ChoiceRule? Read(DefinitionReader reader)
    {
        reader.Require("Variable");
        var variable = reader.Path("Variable");
        var operators = reader.Source.EnumerateObject().Select(p => p.Name).Where(IsOperator).ToList();
        if (operators.Count != 1)
        {
            reader.Wrong("Exactly one comparison operator is required");
            return null;
        }

        var field = operators[0];
        var isPath = field.EndsWith("Path", StringComparison.Ordinal);
        var name = isPath ? field[..^4] : field;
        var (type, order) = Split(name);
        var path = isPath ? reader.Path(field) : null;
        var value = isPath ? default : reader.Any(field);
        if (!isPath && Expected(type) is { } expected && !Fits(type, value))
        {
            reader.Wrong(expected == "Timestamp" ? "String does not match RFC3339 timestamp" : $"Expected value of type {expected}", field);
            return null;
        }

        return variable is null || (isPath && path is null) ? null : new Comparison(variable, type, order, value, path);
    }

    private static bool IsOperator(string field)
    {
        if (field == "StringMatches" || Kinds.Contains(field))
        {
            return true;
        }

        var (type, order) = Split(field.EndsWith("Path", StringComparison.Ordinal) ? field[..^4] : field);
        return order is not null && (type != "Boolean" || field.StartsWith("BooleanEquals", StringComparison.Ordinal));
    }

    private static (string Type, Func<int, bool>? Order) Split(string name)
    {
        foreach (var type in (ReadOnlySpan<string>)["String", "Numeric", "Boolean", "Timestamp"])
        {
            if (name.StartsWith(type, StringComparison.Ordinal) && Orders.TryGetValue(name[type.Length..], out var order))
            {
                return (type, order);
            }
        }

        return (name, null);
    }

    private static string? Expected(string type) =>
        type switch
        {
            "String" or "StringMatches" => "String",
            "Numeric" => "Number",
            "Timestamp" => "Timestamp",
            _ => "Boolean",
        };

    private static bool Fits(string type, JsonElement value) =>
        type switch
        {
            "String" or "StringMatches" => value.ValueKind == JsonValueKind.String,
            "Numeric" => value.ValueKind == JsonValueKind.Number,
            "Timestamp" => Time(value) is not null,
            _ => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        };

    private static JsonElement Value(JsonPath path, Scope scope) =>
        path.TryRead(scope, out var value)
            ? value
            : throw WorkflowException.Runtime(
                $"Invalid path '{path.Text}': The choice state's condition path references an invalid value."
            );

    private bool IsOfKind(JsonElement value) =>
        _type switch
        {
            "IsNull" => value.ValueKind == JsonValueKind.Null,
            "IsNumeric" => value.ValueKind == JsonValueKind.Number,
            "IsString" => value.ValueKind == JsonValueKind.String,
            "IsBoolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => Time(value) is not null,
        };

    private int? Order(JsonElement left, JsonElement right) =>
        _type switch
        {
            "String" when left.ValueKind == JsonValueKind.String && right.ValueKind == JsonValueKind.String => string.CompareOrdinal(
                left.GetString(),
                right.GetString()
            ),
            "Numeric" when left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number => Compare(left, right),
            "Boolean" when Fits("Boolean", left) && Fits("Boolean", right) => left.GetBoolean().CompareTo(right.GetBoolean()),
            "Timestamp" when Time(left) is { } first && Time(right) is { } second => first.CompareTo(second),
            _ => null,
        };

    private static int Compare(JsonElement left, JsonElement right) =>
        left.TryGetDecimal(out var first) && right.TryGetDecimal(out var second)
            ? first.CompareTo(second)
            : left.GetDouble().CompareTo(right.GetDouble());

    private static DateTimeOffset? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? States.WaitState.Moment(value.GetString()!) : null;
}

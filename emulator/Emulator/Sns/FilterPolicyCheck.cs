using System.Net;
using System.Text.Json;
using Disa.Emulator.Patterns;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

/// <summary>Whether a filter policy is one, within AWS's limits: 5 keys, 150 combinations of values, 256 KB.</summary>
internal static class FilterPolicyCheck
{
    private static readonly string[] NumericOperators = ["=", "<", "<=", ">", ">="];

    /// <param name="nested">Policies on the body may nest; those on attributes may not.</param>
    /// <exception cref="FormatException">What is wrong, in AWS's words where they are known.</exception>
    /// <exception cref="NotSupportedException">The same, of what the scope does not support: said without the attribute's name.</exception>
    public static void Check(string text, bool nested)
    {
        JsonElement policy;
        try
        {
            policy = JsonInput.Parse(text);
        }
        catch (JsonException)
        {
            throw new FormatException(Broken(text));
        }

        if (policy.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("failed to parse JSON. Filter policy must be an object");
        }

        var keys = 0;
        long combinations = 1;
        Rules(policy, nested, 1, ref keys, ref combinations);
        if (keys > 5)
        {
            throw new FormatException("Filter policy can not have more than 5 keys");
        }

        if (combinations > 150)
        {
            throw new FormatException("Filter policy is too complex");
        }
    }

    /// <summary>In the words of AWS's reader of JSON, which does not show the text (recorded 06-10-2025).</summary>
    public static string Broken(string text) =>
        PatternPlace.BrokenJson(text) is not { } fault
            ? "failed to parse JSON."
            : $"failed to parse JSON. {fault.Reason}\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
                + $"line: {text.AsSpan(0, fault.At).Count('\n') + 1}, "
                + $"column: {fault.At - text.LastIndexOf('\n', Math.Max(fault.At - 1, 0))}]";

    private static void Rules(JsonElement policy, bool nested, int depth, ref int keys, ref long combinations)
    {
        foreach (var rule in policy.EnumerateObject())
        {
            switch (rule.Value.ValueKind)
            {
                case JsonValueKind.Array
                    when rule.NameEquals("$or")
                        && rule.Value.GetArrayLength() > 1
                        && rule.Value.EnumerateArray().All(part => part.ValueKind == JsonValueKind.Object):
                    foreach (var part in rule.Value.EnumerateArray())
                    {
                        Rules(part, nested, depth, ref keys, ref combinations);
                    }

                    break;
                case JsonValueKind.Array:
                    keys++;
                    combinations *= Math.Max(1, rule.Value.GetArrayLength()) * depth;
                    if (rule.Value.GetArrayLength() == 0)
                    {
                        throw new FormatException("Empty arrays are not allowed");
                    }

                    foreach (var condition in rule.Value.EnumerateArray())
                    {
                        Condition(condition);
                    }

                    break;
                case JsonValueKind.Object when nested:
                    if (!rule.Value.EnumerateObject().Any())
                    {
                        throw new FormatException("Empty objects are not allowed");
                    }

                    Rules(rule.Value, nested, depth + 1, ref keys, ref combinations);
                    break;
                case JsonValueKind.Object:
                    throw new NotSupportedException("Filter policy scope MessageAttributes does not support nested filter policy");
                default:
                    throw new FormatException($"\"{rule.Name}\" must be an object or an array");
            }
        }
    }

    private static void Condition(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Array)
        {
            throw new FormatException("Match value must be String, number, true, false, or null");
        }

        if (condition.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (condition.EnumerateObject().Count() != 1)
        {
            throw new FormatException("Only one key allowed in match expression");
        }

        var match = condition.EnumerateObject().First();
        switch (match.Name)
        {
            case "prefix" or "suffix" or "equals-ignore-case" or "wildcard":
                Require(match.Value.ValueKind == JsonValueKind.String, $"{match.Name} match pattern must be a string");
                break;
            case "cidr":
                Require(
                    match.Value.ValueKind == JsonValueKind.String && IPNetwork.TryParse(match.Value.GetString(), out _),
                    "Malformed CIDR, one '/' required"
                );
                break;
            case "exists":
                Require(
                    match.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                    "exists match pattern must be either true or false."
                );
                break;
            case "anything-but":
                Require(
                    match.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Array or JsonValueKind.Object,
                    "Value of anything-but must be an array or single string/number value."
                );
                if (match.Value.ValueKind == JsonValueKind.Object)
                {
                    Require(
                        match.Value.EnumerateObject().Count() == 1
                            && match.Value.EnumerateObject().First().Name is "prefix" or "suffix" or "equals-ignore-case" or "wildcard",
                        "Unsupported anything-but pattern"
                    );
                }

                break;
            case "numeric":
                Numeric(match.Value);
                break;
            default:
                throw new FormatException($"Unrecognized match type {match.Name}");
        }
    }

    private static void Numeric(JsonElement operand)
    {
        Require(
            operand.ValueKind == JsonValueKind.Array && operand.GetArrayLength() is 2 or 4,
            "Invalid member in numeric match: operators and numbers must alternate"
        );
        var parts = operand.EnumerateArray().ToArray();
        for (var i = 0; i < parts.Length; i += 2)
        {
            Require(
                parts[i].ValueKind == JsonValueKind.String && NumericOperators.Contains(parts[i].GetString()),
                $"Unrecognized numeric range operator: {parts[i].GetRawText()}"
            );
            Require(
                parts[i + 1].ValueKind == JsonValueKind.Number && Math.Abs(parts[i + 1].GetDouble()) <= 1e9,
                $"Value of {parts[i].GetString()} must be numeric"
            );
        }
    }

    private static void Require(bool met, string otherwise)
    {
        if (!met)
        {
            throw new FormatException(otherwise);
        }
    }
}

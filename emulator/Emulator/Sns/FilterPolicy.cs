using System.Net;
using System.Text.Json;
using Disa.Emulator.Patterns;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

/// <summary>Whether a subscription's filter policy lets a message through (SNS Developer Guide, "Amazon SNS subscription filter policies").</summary>
internal static class FilterPolicy
{
    public static bool Accepts(Subscription subscription, Publication publication)
    {
        if (!subscription.Set.TryGetValue("FilterPolicy", out var text))
        {
            return true;
        }

        using var policy = JsonInput.Document(text);
        if (subscription.Set.GetValueOrDefault("FilterPolicyScope") != "MessageBody")
        {
            return Attributes(policy.RootElement, publication);
        }

        try
        {
            using var body = JsonInput.Document(publication.TextFor(subscription.Protocol));
            return body.RootElement.ValueKind == JsonValueKind.Object && Body(policy.RootElement, body.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Every key must be met by the attribute of its name.</summary>
    private static bool Attributes(JsonElement policy, Publication publication) =>
        policy
            .EnumerateObject()
            .All(rule =>
                rule.NameEquals("$or")
                    ? rule.Value.EnumerateArray().Any(part => Attributes(part, publication))
                    : Meets(rule.Value, Values(publication, rule.Name))
            );

    private static List<JsonElement>? Values(Publication publication, string name)
    {
        if (publication.Attributes is null || !publication.Attributes.TryGetValue(name, out var attribute))
        {
            return null;
        }

        if (attribute.IsBinary)
        {
            return [];
        }

        try
        {
            if (attribute.DataType == "String.Array" && JsonInput.Parse(attribute.StringValue!) is { ValueKind: JsonValueKind.Array } array)
            {
                return [.. array.EnumerateArray()];
            }

            if (attribute.DataType.StartsWith("Number", StringComparison.Ordinal))
            {
                return [JsonInput.Parse(attribute.StringValue!)];
            }
        }
        catch (JsonException)
        {
            // No JSON: then it is the text that it is.
        }

        return [JsonSerializer.SerializeToElement(attribute.StringValue!, Aws.AwsJson.Default.String)];
    }

    /// <summary>Every key must be met by the member of its name; of an array, one element suffices.</summary>
    private static bool Body(JsonElement policy, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return body.EnumerateArray().Any(element => Body(policy, element));
        }

        return policy.EnumerateObject().All(rule => Rule(rule.Name, rule.Value, body));
    }

    /// <summary>A dot in a name is a path, in policies and in messages (recorded on AWS).</summary>
    private static bool Rule(string name, JsonElement rule, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return body.EnumerateArray().Any(element => Rule(name, rule, element));
        }

        if (name == "$or" && rule.ValueKind == JsonValueKind.Array)
        {
            return rule.EnumerateArray().Any(part => Body(part, body));
        }

        if (body.ValueKind == JsonValueKind.Object)
        {
            if (body.TryGetProperty(name, out var found))
            {
                return rule.ValueKind == JsonValueKind.Object
                    ? Body(rule, found)
                    : Meets(rule, found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray()] : [found]);
            }

            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', dot + 1))
            {
                if (body.TryGetProperty(name.AsSpan(0, dot), out var outer))
                {
                    return Rule(name[(dot + 1)..], rule, outer);
                }
            }
        }

        return rule.ValueKind == JsonValueKind.Object ? Nested(name, rule, body) : Meets(rule, null);
    }

    private static bool Nested(string name, JsonElement rules, JsonElement body) =>
        rules
            .EnumerateObject()
            .All(inner =>
                inner.NameEquals("$or") && inner.Value.ValueKind == JsonValueKind.Array
                    ? inner.Value.EnumerateArray().Any(part => Nested(name, part, body))
                    : Rule($"{name}.{inner.Name}", inner.Value, body)
            );

    /// <param name="values">Null where there is no such attribute or member.</param>
    private static bool Meets(JsonElement conditions, List<JsonElement>? values) =>
        conditions
            .EnumerateArray()
            .Any(condition =>
            {
                if (condition.ValueKind == JsonValueKind.Object && condition.TryGetProperty("exists", out var exists))
                {
                    return exists.GetBoolean() == values is not null;
                }

                return values is not null && values.Exists(value => Meets(condition, value));
            });

    private static bool Meets(JsonElement condition, JsonElement value)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            return Same(condition, value);
        }

        var (name, operand) = condition.EnumerateObject().Select(member => (member.Name, member.Value)).First();
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        return name switch
        {
            "prefix" => text?.StartsWith(operand.GetString()!, StringComparison.Ordinal) == true,
            "suffix" => text?.EndsWith(operand.GetString()!, StringComparison.Ordinal) == true,
            "equals-ignore-case" => string.Equals(text, operand.GetString(), StringComparison.OrdinalIgnoreCase),
            "wildcard" => text is not null && HasPieces(operand.GetString()!, text),
            "cidr" => text is not null
                && IPNetwork.TryParse(operand.GetString(), out var network)
                && IPAddress.TryParse(text, out var address)
                && network.Contains(address),
            "numeric" => value.ValueKind == JsonValueKind.Number && Numeric(operand, value.GetDouble()),
            "anything-but" => AnythingBut(operand, value),
            _ => false,
        };
    }

    private static bool AnythingBut(JsonElement operand, JsonElement value) =>
        operand.ValueKind switch
        {
            JsonValueKind.Array => !operand.EnumerateArray().Any(item => Same(item, value)),
            JsonValueKind.Object when operand.EnumerateObject().First().Value.ValueKind == JsonValueKind.Array => !operand
                .EnumerateObject()
                .First()
                .Value.EnumerateArray()
                .Any(item => Meets(Wrapped(operand.EnumerateObject().First().Name, item), value)),
            JsonValueKind.Object => !Meets(operand, value),
            _ => !Same(operand, value),
        };

    private static JsonElement Wrapped(string name, JsonElement operand) => JsonInput.Parse($"{{\"{name}\":{operand.GetRawText()}}}");

    private static bool Same(JsonElement expected, JsonElement value) =>
        expected.ValueKind == value.ValueKind
        && expected.ValueKind switch
        {
            JsonValueKind.String => expected.GetString() == value.GetString(),
            JsonValueKind.Number => expected.GetDouble().Equals(value.GetDouble()),
            _ => true,
        };

    private static bool Numeric(JsonElement operand, double value)
    {
        var parts = operand.EnumerateArray().ToArray();
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            var limit = parts[i + 1].GetDouble();
            var met = parts[i].GetString() switch
            {
                "=" => value.Equals(limit),
                "<" => value < limit,
                "<=" => value <= limit,
                ">" => value > limit,
                ">=" => value >= limit,
                _ => false,
            };
            if (!met)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasPieces(string pattern, string text) => Wildcard.MatchesPieces(pattern.Split('*'), text);
}

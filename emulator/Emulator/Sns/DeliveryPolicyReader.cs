using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

/// <summary>Reads the DeliveryPolicy of a topic or a subscription, and says what AWS would not take.</summary>
/// <remarks>
/// Ranges: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html. Words, as far as they are known:
/// https://github.com/awsdocs/amazon-sns-developer-guide/pull/5 ("healthyRetryPolicy.minDelayTarget must be greater than or equal to 1"),
/// ballerina-platform/module-ballerinax-aws.sns, tests ("http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100").
/// That a retry policy names its delays and its retries: https://github.com/triggermesh/aws-event-sources/pull/220.
/// </remarks>
internal static class DeliveryPolicyReader
{
    /// <exception cref="FormatException">What is wrong, from the policy's own member on.</exception>
    public static DeliveryPolicy OfTopic(string value)
    {
        var policy = Object(Parse(value), "", ["http"]);
        if (!policy.TryGetValue("http", out var http) || http.ValueKind == JsonValueKind.Null)
        {
            return new DeliveryPolicy(null, null, null);
        }

        var parts = Object(
            http,
            "http",
            [
                "defaultHealthyRetryPolicy",
                "defaultSicklyRetryPolicy",
                "defaultThrottlePolicy",
                "defaultRequestPolicy",
                "disableSubscriptionOverrides",
            ]
        );
        return Read(parts, "http.default") with
        {
            DisablesOverrides =
                parts.TryGetValue("disableSubscriptionOverrides", out var disables)
                && disables.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False or JsonValueKind.Null => false,
                    _ => throw new FormatException("http.disableSubscriptionOverrides must be a boolean"),
                },
        };
    }

    /// <inheritdoc cref="OfTopic"/>
    public static DeliveryPolicy OfSubscription(string value) =>
        Read(Object(Parse(value), "", ["healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed"]), "");

    private static JsonElement Parse(string value)
    {
        try
        {
            return JsonInput.Parse(value);
        }
        catch (JsonException)
        {
            throw new FormatException("failed to parse JSON.");
        }
    }

    /// <param name="prefix">What the parts' names begin with: <c>http.default</c> makes them begin with a capital letter.</param>
    private static DeliveryPolicy Read(Dictionary<string, JsonElement> parts, string prefix)
    {
        if (Part("sicklyRetryPolicy") is not null)
        {
            throw new FormatException($"{Name(prefix, "sicklyRetryPolicy")} is not supported");
        }

        if (parts.TryGetValue("guaranteed", out var guaranteed) && guaranteed.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            throw new FormatException("guaranteed is not supported");
        }

        var retry = Part("healthyRetryPolicy") is { } healthy ? Retry(healthy, Name(prefix, "healthyRetryPolicy")) : null;
        int? most = null;
        if (Part("throttlePolicy") is { } throttle)
        {
            var path = Name(prefix, "throttlePolicy");
            most = Number(Object(throttle, path, ["maxReceivesPerSecond"]), path, "maxReceivesPerSecond", 1, int.MaxValue);
        }

        string? content = null;
        if (Part("requestPolicy") is { } request)
        {
            var path = Name(prefix, "requestPolicy");
            if (Object(request, path, ["headerContentType"]).TryGetValue("headerContentType", out var type))
            {
                content =
                    type.ValueKind == JsonValueKind.String && ContentTypes.IsKnown(type.GetString()!)
                        ? type.GetString()
                        : throw new FormatException($"{path}.headerContentType has an unsupported value");
            }
        }

        return new DeliveryPolicy(retry, most, content);

        JsonElement? Part(string name) =>
            parts.TryGetValue(prefix.Length == 0 ? name : "default" + Capital(name), out var part) && part.ValueKind != JsonValueKind.Null
                ? part
                : null;
    }

    private static RetryPolicy Retry(JsonElement policy, string path)
    {
        string[] numbers =
        [
            "minDelayTarget",
            "maxDelayTarget",
            "numRetries",
            "numMaxDelayRetries",
            "numNoDelayRetries",
            "numMinDelayRetries",
        ];
        var members = Object(policy, path, [.. numbers, "backoffFunction"]);
        foreach (var required in numbers[..3])
        {
            if (!members.TryGetValue(required, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                throw new FormatException($"{path}.{required} must be specified");
            }
        }

        var read = new RetryPolicy
        {
            MinDelayTarget = Number(members, path, "minDelayTarget", 1, RetryPolicy.LongestInAll)!.Value,
            MaxDelayTarget = Number(members, path, "maxDelayTarget", 1, RetryPolicy.LongestInAll)!.Value,
            NumRetries = Number(members, path, "numRetries", 0, 100)!.Value,
            NumMaxDelayRetries = Number(members, path, "numMaxDelayRetries", 0, int.MaxValue) ?? 0,
            NumNoDelayRetries = Number(members, path, "numNoDelayRetries", 0, int.MaxValue) ?? 0,
            NumMinDelayRetries = Number(members, path, "numMinDelayRetries", 0, int.MaxValue) ?? 0,
            BackoffFunction = Function(members, path) ?? "linear",
        };
        if (read.MaxDelayTarget < read.MinDelayTarget)
        {
            throw new FormatException($"{path}.maxDelayTarget must be greater than or equal to minDelayTarget");
        }

        if (read.NumRetries < (long)read.NumMaxDelayRetries + read.NumNoDelayRetries + read.NumMinDelayRetries)
        {
            throw new FormatException(
                $"{path}.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries"
            );
        }

        return read.InAll > RetryPolicy.LongestInAll
            ? throw new FormatException(
                $"{path}: the total policy retry time must be less than or equal to {RetryPolicy.LongestInAll} seconds"
            )
            : read;
    }

    private static string? Function(Dictionary<string, JsonElement> members, string path)
    {
        if (!members.TryGetValue("backoffFunction", out var function) || function.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var name = function.ValueKind == JsonValueKind.String ? function.GetString()! : function.GetRawText();
        return RetryPolicy.Functions.Contains(name)
            ? name
            : throw new FormatException($"{path}.backoffFunction: the value [{name}] is not a valid backoff function");
    }

    private static int? Number(Dictionary<string, JsonElement> members, string path, string name, int least, int most)
    {
        if (!members.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || number != decimal.Truncate(number))
        {
            throw new FormatException($"{path}.{name} must be an integer");
        }

        return number < least ? throw new FormatException($"{path}.{name} must be greater than or equal to {least}")
            : number > most ? throw new FormatException($"{path}.{name} must be less than or equal to {most}")
            : (int)number;
    }

    private static Dictionary<string, JsonElement> Object(JsonElement value, string path, string[] known)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException(path.Length == 0 ? "must be a JSON object" : $"{path} must be a JSON object");
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = known.Contains(member.Name)
                ? member.Value
                : throw new FormatException($"Unknown member [{(path.Length == 0 ? "" : path + ".")}{member.Name}]");
        }

        return members;
    }

    private static string Name(string prefix, string part) => prefix.Length == 0 ? part : prefix + Capital(part);

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}

using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

/// <summary>A topic's attributes for the status of its deliveries: three for each protocol.</summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/dg/msg-status-sdk.html.</remarks>
internal static class StatusAttributes
{
    private const string Rate = "SuccessFeedbackSampleRate";

    private static readonly string[] Roles = ["SuccessFeedbackRoleArn", "FailureFeedbackRoleArn"];
    private static readonly string[] Prefixes = ["HTTP", "Lambda", "SQS"];

    /// <summary>Whether it is one of these, for a protocol that there is here.</summary>
    public static bool Has(string name) => Prefixes.Any(prefix => name == prefix + Rate || Roles.Any(role => name == prefix + role));

    /// <summary>Whether a value is one that AWS takes; an empty role takes it away.</summary>
    public static bool IsValid(string name, string value) =>
        name.EndsWith(Rate, StringComparison.Ordinal)
            ? int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate <= 100
            : value.Length == 0
                || (Arn.TryParse(value) is { Service: "iam" } role && role.Resource.StartsWith("role/", StringComparison.Ordinal));

    /// <summary>The roles that a change of attributes hands to SNS.</summary>
    public static IEnumerable<string> RolesIn(IEnumerable<KeyValuePair<string, string>>? attributes) =>
        (attributes ?? [])
            .Where(entry => entry.Key.EndsWith("FeedbackRoleArn", StringComparison.Ordinal) && entry.Value.Length > 0)
            .Select(entry => entry.Value);

    /// <summary>What the attributes of a protocol begin with; null for protocols without.</summary>
    public static string? PrefixOf(string protocol) =>
        protocol switch
        {
            "http" or "https" => "HTTP",
            "lambda" => "Lambda",
            "sqs" => "SQS",
            _ => null,
        };

    /// <summary>How many of a hundred successful deliveries are written.</summary>
    public static int SampleRate(Topic topic, string prefix) =>
        topic.Set.TryGetValue(prefix + Rate, out var rate) ? int.Parse(rate, CultureInfo.InvariantCulture) : 0;

    /// <summary>The attributes that a template's DeliveryStatusLogging sets.</summary>
    /// <exception cref="AwsException">ValidationException: not a list of them. NotImplemented: a protocol that is not here.</exception>
    public static IEnumerable<(string Name, string Value)> FromTemplate(JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty("DeliveryStatusLogging", out var list))
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            throw new AwsException("ValidationException", "DeliveryStatusLogging must be a list of objects.");
        }

        foreach (var item in list.EnumerateArray())
        {
            var protocol = TemplateText.Of(item, "Protocol");
            var prefix = protocol switch
            {
                "http/s" => "HTTP",
                "lambda" => "Lambda",
                "sqs" => "SQS",
                "firehose" or "application" => throw AwsException.NotImplemented($"DeliveryStatusLogging of the protocol {protocol}"),
                _ => throw new AwsException(
                    "ValidationException",
                    "DeliveryStatusLogging: Protocol must be one of http/s, sqs, lambda, firehose, application."
                ),
            };
            foreach (var name in (string[])[.. Roles, Rate])
            {
                if (TemplateText.Of(item, name) is { } value)
                {
                    yield return (prefix + name, value);
                }
            }
        }
    }
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Jsonata;

namespace Disa.Emulator.Sqs;

/// <summary>The attributes that a queue takes: their defaults, their limits, and what they mean together.</summary>
/// <remarks>Source: SQS API reference, CreateQueue, Attributes.</remarks>
internal static class QueueAttributes
{
    private static readonly FrozenDictionary<string, (int Minimum, int Maximum, string Default)> Numbers = new Dictionary<
        string,
        (int, int, string)
    >
    {
        ["DelaySeconds"] = (0, 900, "0"),
        ["MaximumMessageSize"] = (1024, Queue.SizeLimit, "1048576"),
        ["MessageRetentionPeriod"] = (60, 1_209_600, "345600"),
        ["ReceiveMessageWaitTimeSeconds"] = (0, 20, "0"),
        ["VisibilityTimeout"] = (0, 43_200, "30"),
        ["KmsDataKeyReusePeriodSeconds"] = (60, 86_400, "300"),
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> FifoOnly = FrozenSet.Create(
        "FifoQueue",
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "FifoThroughputLimit"
    );

    /// <summary>Attributes that an empty value removes.</summary>
    private static readonly FrozenSet<string> Removable = FrozenSet.Create(
        "Policy",
        "RedrivePolicy",
        "RedriveAllowPolicy",
        "KmsMasterKeyId"
    );

    private static readonly FrozenSet<string> Booleans = FrozenSet.Create("FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled");

    /// <summary>With booleans in small letters: they are read without regard to case.</summary>
    public static IReadOnlyDictionary<string, string> Normalized(IReadOnlyDictionary<string, string> attributes) =>
        !attributes.Any(entry => Booleans.Contains(entry.Key) && entry.Value is not ("true" or "false"))
            ? attributes
            : attributes.ToDictionary(
                entry => entry.Key,
                entry => Booleans.Contains(entry.Key) ? entry.Value.ToLowerInvariant() : entry.Value,
                StringComparer.Ordinal
            );

    /// <summary>What the attribute is, set or by default; null where it has neither.</summary>
    public static string? Value(IReadOnlyDictionary<string, string> set, string attribute) =>
        set.TryGetValue(attribute, out var value) ? value
        : Numbers.TryGetValue(attribute, out var number) ? number.Default
        : null;

    /// <summary>Lays changes over what was set, each checked alone and all of them together.</summary>
    /// <exception cref="AwsException">InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue.</exception>
    public static Dictionary<string, string> Apply(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> changes,
        string queueName
    )
    {
        changes = Normalized(changes);
        var fifo = queueName.EndsWith(".fifo", StringComparison.Ordinal);
        var after = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            if (value.Length == 0 && Removable.Contains(name))
            {
                after.Remove(name);
                continue;
            }

            Check(name, value, fifo);
            after[name] =
                name.StartsWith("Fifo", StringComparison.Ordinal) || name == "DeduplicationScope" ? value : Canonical(name, value);
        }

        if (after.ContainsKey("KmsMasterKeyId"))
        {
            if (changes.GetValueOrDefault("SqsManagedSseEnabled") == "true")
            {
                throw SqsErrors.InvalidAttributeName(
                    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."
                );
            }

            after["SqsManagedSseEnabled"] = "false";
        }

        if (
            after.GetValueOrDefault("FifoThroughputLimit") == "perMessageGroupId"
            && after.GetValueOrDefault("DeduplicationScope") != "messageGroup"
        )
        {
            throw SqsErrors.InvalidParameter(
                "perMessageGroupId",
                "FifoThroughputLimit",
                "FifoThroughputLimit can be perMessageGroupId only when DeduplicationScope is messageGroup."
            );
        }

        return after;
    }

    /// <summary>Everything that GetQueueAttributes answers but for the counts.</summary>
    public static Dictionary<string, string> Describe(Queue queue)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["QueueArn"] = queue.Arn,
            ["CreatedTimestamp"] = Seconds(queue.Created),
            ["LastModifiedTimestamp"] = Seconds(queue.Modified),
            ["SqsManagedSseEnabled"] = queue.SealsWithOwnKey ? "true" : "false",
        };
        foreach (var (name, number) in Numbers)
        {
            all[name] = queue.Set.GetValueOrDefault(name, number.Default);
        }

        if (queue.Fifo)
        {
            all["FifoQueue"] = "true";
            all["ContentBasedDeduplication"] = "false";
            all["DeduplicationScope"] = "queue";
            all["FifoThroughputLimit"] = "perQueue";
        }

        foreach (var (name, value) in queue.Set)
        {
            all[name] = value;
        }

        if (queue.KmsKey is null)
        {
            all.Remove("KmsDataKeyReusePeriodSeconds");
        }

        return all;

        static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    private static void Check(string name, string value, bool fifo)
    {
        if (Numbers.TryGetValue(name, out var limits))
        {
            if (
                !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number < limits.Minimum
                || number > limits.Maximum
            )
            {
                throw SqsErrors.InvalidAttributeValue(name);
            }

            return;
        }

        if (FifoOnly.Contains(name) && !fifo)
        {
            throw SqsErrors.InvalidAttributeName(
                name is "FifoThroughputLimit" or "DeduplicationScope"
                    ? $"You can specify the {name} only when FifoQueue is set to true."
                    : $"Unknown Attribute {name}."
            );
        }

        var valid = name switch
        {
            "FifoQueue" => value == "true",
            "ContentBasedDeduplication" or "SqsManagedSseEnabled" => value is "true" or "false",
            "DeduplicationScope" => value is "queue" or "messageGroup",
            "FifoThroughputLimit" => value is "perQueue" or "perMessageGroupId",
            "KmsMasterKeyId" => true,
            "Policy" => IsPolicy(value),
            "RedrivePolicy" => CheckRedrivePolicy(value),
            "RedriveAllowPolicy" => CheckRedriveAllowPolicy(value),
            _ => throw SqsErrors.InvalidAttributeName($"Unknown Attribute {name}."),
        };
        if (!valid)
        {
            throw SqsErrors.InvalidAttributeValue(name);
        }
    }

    private static string Canonical(string name, string value) =>
        Numbers.ContainsKey(name) ? int.Parse(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : value;

    private static bool IsPolicy(string value)
    {
        try
        {
            PolicyDocument.Parse(value, PolicyKind.Resource);
            return true;
        }
        catch (PolicyException)
        {
            return false;
        }
    }

    private static bool CheckRedrivePolicy(string value)
    {
        JsonElement policy;
        try
        {
            policy = JsonInput.Parse(value);
        }
        catch (JsonException)
        {
            throw Redrive(value, "Redrive policy is not a valid JSON map.");
        }

        if (policy.ValueKind != JsonValueKind.Object)
        {
            throw Redrive(value, "Redrive policy is not a valid JSON map.");
        }

        if (!policy.TryGetProperty("deadLetterTargetArn", out var target))
        {
            throw Redrive(value, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        }

        if (!policy.TryGetProperty("maxReceiveCount", out var count))
        {
            throw Redrive(value, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        }

        if (policy.EnumerateObject().Count() > 2)
        {
            throw Redrive(value, "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].");
        }

        var text = count.ValueKind == JsonValueKind.String ? count.GetString() : count.GetRawText();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 1000)
        {
            throw Redrive(value, "Invalid value for maxReceiveCount: " + text + ", valid values are from 1 to 1000 both inclusive.");
        }

        return target.ValueKind == JsonValueKind.String && Arn.TryParse(target.GetString()) is { Service: "sqs" }
            ? true
            : throw Redrive(value, "Invalid value for deadLetterTargetArn.");

        static AwsException Redrive(string value, string reason) => SqsErrors.InvalidParameter(value, "RedrivePolicy", reason);
    }

    private static bool CheckRedriveAllowPolicy(string value)
    {
        try
        {
            var policy = JsonInput.Parse(value);
            return policy.GetProperty("redrivePermission").GetString() switch
            {
                "allowAll" or "denyAll" => !policy.TryGetProperty("sourceQueueArns", out _),
                "byQueue" => policy.TryGetProperty("sourceQueueArns", out var sources) && sources.GetArrayLength() is >= 1 and <= 10,
                _ => false,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}

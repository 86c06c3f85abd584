using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.Sqs;

/// <summary>A queue as it is kept: its name, what was set of its attributes, and its tags.</summary>
internal sealed record Queue
{
    /// <summary>The most bytes of a message or a batch: 1 MiB since August 2025.</summary>
    public const int SizeLimit = 1_048_576;

    public required string Name { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>The attributes that differ from their defaults, by AWS's names.</summary>
    public required IReadOnlyDictionary<string, string> Set { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }

    /// <summary>https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html</summary>
    public ServiceMetric Metric(string name) => new(Scope, "AWS/SQS", name, "QueueName", Name);

    /// <summary>When it was last purged: again only after 60 seconds.</summary>
    public DateTimeOffset? Purged { get; init; }

    /// <summary>The token of the CloudFormation step that created it, so that a repeated step finds its own queue.</summary>
    public string? CreationToken { get; init; }

    [JsonIgnore]
    public Scope Scope => new(Account, Region);

    [JsonIgnore]
    public string Arn => Aws.Arn.Of("sqs", Scope, Name);

    [JsonIgnore]
    public bool Fifo => Name.EndsWith(".fifo", StringComparison.Ordinal);

    [JsonIgnore]
    public int VisibilityTimeout => Number("VisibilityTimeout");

    [JsonIgnore]
    public int DelaySeconds => Number("DelaySeconds");

    [JsonIgnore]
    public int MaximumMessageSize => Number("MaximumMessageSize");

    [JsonIgnore]
    public int WaitSeconds => Number("ReceiveMessageWaitTimeSeconds");

    [JsonIgnore]
    public TimeSpan Retention => TimeSpan.FromSeconds(Number("MessageRetentionPeriod"));

    [JsonIgnore]
    public bool ContentBasedDeduplication => Set.GetValueOrDefault("ContentBasedDeduplication") == "true";

    [JsonIgnore]
    public bool DeduplicatesByGroup => Set.GetValueOrDefault("DeduplicationScope") == "messageGroup";

    /// <summary>The key that seals bodies; null where SQS's own does.</summary>
    [JsonIgnore]
    public string? KmsKey => Set.GetValueOrDefault("KmsMasterKeyId");

    [JsonIgnore]
    public bool SealsWithOwnKey => KmsKey is null && Set.GetValueOrDefault("SqsManagedSseEnabled", "true") == "true";

    /// <summary>Where messages go that were received too often, and how often that is; null without a redrive policy.</summary>
    public (string TargetArn, int MaxReceiveCount)? Redrive()
    {
        if (!Set.TryGetValue("RedrivePolicy", out var policy))
        {
            return null;
        }

        using var json = JsonInput.Document(policy);
        var count = json.RootElement.GetProperty("maxReceiveCount");
        return (
            json.RootElement.GetProperty("deadLetterTargetArn").GetString()!,
            count.ValueKind == JsonValueKind.Number ? count.GetInt32() : int.Parse(count.GetString()!, CultureInfo.InvariantCulture)
        );
    }

    private int Number(string attribute) => int.Parse(QueueAttributes.Value(Set, attribute)!, CultureInfo.InvariantCulture);
}

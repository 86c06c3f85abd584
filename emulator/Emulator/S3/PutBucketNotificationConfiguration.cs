using System.Text;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Says who is told of what happens in a bucket, once the destinations have shown that they can be.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html; the errors as recorded on AWS in localstack's
/// tests/aws/services/s3/test_s3_notifications_*.snapshot.json.
/// </remarks>
internal static class PutBucketNotificationConfiguration
{
    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html</summary>
    private static readonly HashSet<string> Events =
    [
        "s3:ReducedRedundancyLostObject",
        .. Family("ObjectCreated", "Put", "Post", "Copy", "CompleteMultipartUpload"),
        .. Family("ObjectRemoved", "Delete", "DeleteMarkerCreated"),
        .. Family("ObjectRestore", "Post", "Completed", "Delete"),
        .. Family(
            "Replication",
            "OperationFailedReplication",
            "OperationNotTracked",
            "OperationMissedThreshold",
            "OperationReplicatedAfterThreshold"
        ),
        .. Family("LifecycleExpiration", "Delete", "DeleteMarkerCreated"),
        .. Family("ObjectTagging", "Put", "Delete"),
        "s3:LifecycleTransition",
        "s3:IntelligentTiering",
        "s3:ObjectAcl:Put",
    ];

    /// <summary>Of a bucket (https://docs.aws.amazon.com/general/latest/gr/s3.html, "Event notifications").</summary>
    private const int Most = 100;

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var text = await Checked(
                request.Buckets,
                bucket,
                request.Xml("NotificationConfiguration"),
                request.Header("x-amz-skip-destination-validation") is "true" or "True",
                request.Caller.RequestId
            )
            .ConfigureAwait(false);
        await request.Buckets.Change(bucket, current => current.With("notification", text)).ConfigureAwait(false);
        return new RestAnswer();
    }

    /// <summary>The configuration as it is kept: with an id for each, and the names of filters as S3 writes them.</summary>
    /// <exception cref="AwsException">MalformedXML; InvalidArgument: a destination, event or filter is not as it must be.</exception>
    public static async Task<string?> Checked(Buckets buckets, Bucket bucket, XElement document, bool skipDestinations, string requestId)
    {
        var root = XElement.Parse(NotificationSettings.Document.Checked(document));
        var rules = NotificationSettings.Read(root).Rules;
        if (rules.Count > Most)
        {
            throw S3Errors.Malformed();
        }

        foreach (var rule in rules)
        {
            CheckForm(rule, bucket);
            Complete(rule.Document);
        }

        var given = rules.Where(rule => rule.Id.Length > 0).Select(rule => rule.Id).ToList();
        if (given.Distinct().Count() < given.Count)
        {
            throw S3Errors.Argument("Same ID used for multiple configurations. IDs must be unique");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            foreach (var other in rules.Skip(i + 1).Where(rules[i].Overlaps))
            {
                throw S3Errors.Argument(
                    rules[i] is { Prefix: "", Suffix: "" } && other is { Prefix: "", Suffix: "" }
                        ? "Configurations overlap. Configurations on the same bucket cannot share a common event type."
                        : "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type."
                );
            }
        }

        if (!skipDestinations)
        {
            await CheckDestinations(buckets, bucket, rules, requestId).ConfigureAwait(false);
        }

        return root.HasElements ? root.ToString(SaveOptions.DisableFormatting) : null;
    }

    private static void CheckForm(NotificationRule rule, Bucket bucket)
    {
        var service = rule.Destination switch
        {
            "Queue" => "sqs",
            "Topic" => "sns",
            _ => "lambda",
        };
        if (Arn.TryParse(rule.Arn) is not { } arn || arn.Service != service)
        {
            throw S3Errors.Argument("The ARN could not be parsed", rule.Destination, rule.Arn);
        }

        if (arn.Region != bucket.Region)
        {
            throw S3Errors.Argument(
                "The notification destination service region is not valid for the bucket location constraint",
                rule.Destination,
                rule.Arn
            );
        }

        if (service != "lambda" && rule.Arn.EndsWith(".fifo", StringComparison.Ordinal))
        {
            throw S3Errors.Argument(service == "sqs" ? "FIFO SQS queues are not supported." : "FIFO SNS topics are not supported.");
        }

        foreach (var name in rule.Events.Where(name => !Events.Contains(name)))
        {
            throw S3Errors.Argument("The event is not supported for notifications", "Event", name);
        }

        var filters = NotificationSettings.FilterRules(rule.Document).Select(filter => filter.Text("Name")!).ToList();
        foreach (var name in filters.Where(name => name.ToLowerInvariant() is not ("prefix" or "suffix")))
        {
            throw S3Errors.Argument("filter rule name must be either prefix or suffix", "FilterRule.Name", name);
        }

        foreach (var twice in filters.GroupBy(name => name.ToLowerInvariant()).Where(names => names.Count() > 1))
        {
            throw S3Errors.Argument($"Cannot specify more than one {twice.Key} rule in a filter.", "FilterRule", twice.Key);
        }

        foreach (var value in (string[])[rule.Prefix, rule.Suffix])
        {
            if (Encoding.UTF8.GetByteCount(value) > 1024)
            {
                throw S3Errors.Argument(
                    "Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation",
                    "FilterRule.Value",
                    value
                );
            }
        }
    }

    private static void Complete(XElement rule)
    {
        if (rule.Text("Id") is null or "")
        {
            rule.Child("Id")?.Remove();
            rule.AddFirst(S3Xml.Element("Id", Convert.ToBase64String(Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()))));
        }

        foreach (var filter in NotificationSettings.FilterRules(rule))
        {
            filter.Child("Name")!.Value = "prefix".Equals(filter.Text("Name"), StringComparison.OrdinalIgnoreCase) ? "Prefix" : "Suffix";
        }
    }

    private static async Task CheckDestinations(Buckets buckets, Bucket bucket, IEnumerable<NotificationRule> rules, string requestId)
    {
        var wrong = new List<(string, string)>();
        foreach (var rule in rules.DistinctBy(rule => rule.Arn))
        {
            if (await Trouble(buckets, bucket, rule, requestId).ConfigureAwait(false) is { } trouble)
            {
                var number = wrong.Count / 2 + 1;
                wrong.Add(($"ArgumentName{number}", rule.Destination == "CloudFunction" ? rule.Arn + ", null" : rule.Arn));
                wrong.Add(($"ArgumentValue{number}", trouble));
            }
        }

        if (wrong.Count > 0)
        {
            throw S3Errors.With(
                "InvalidArgument",
                "Unable to validate the following destination configurations",
                400,
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(wrong)
            );
        }
    }

    /// <summary>Why a destination cannot be told; null where it can.</summary>
    private static async Task<string?> Trouble(Buckets buckets, Bucket bucket, NotificationRule rule, string requestId)
    {
        if (rule.Destination == "Queue" && !buckets.Notifications.QueueExists(rule.Arn))
        {
            return "The destination queue does not exist";
        }

        try
        {
            await buckets.Notifications.Test(bucket, rule.Arn, requestId).ConfigureAwait(false);
            return null;
        }
        catch (AwsException)
        {
            return rule.Destination == "CloudFunction"
                ? $"Not authorized to invoke function [{rule.Arn}]"
                : $"Permissions on the destination {(rule.Destination == "Queue" ? "queue" : "topic")} do not allow S3 to publish notifications from this bucket";
        }
    }

    private static IEnumerable<string> Family(string name, params IEnumerable<string> members) =>
        members.Prepend("*").Select(member => $"s3:{name}:{member}");
}

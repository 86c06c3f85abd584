using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketLifecycleConfiguration, Get and Delete: expiry, of noncurrent versions too, and of unfinished uploads. Transitions are kept, and do nothing.</summary>
internal static class BucketLifecycle
{
    private const string SizeHeader = "x-amz-transition-default-minimum-object-size";

    private const string Usual = "all_storage_classes_128K";

    public static readonly string[] Headers = [SizeHeader + "=TransitionDefaultMinimumObjectSize"];

    private static readonly XmlShape Form = XmlShape.Parse(
        "Rule(ID,Status=Enabled|Disabled,Prefix?,"
            + "Filter(Prefix?,Tag(Key,Value)?,ObjectSizeGreaterThan?=#,ObjectSizeLessThan?=#,"
            + "And(Prefix?,Tag(Key,Value)*,ObjectSizeGreaterThan?=#,ObjectSizeLessThan?=#)?)?,"
            + "Expiration(Date?,Days?=#,ExpiredObjectDeleteMarker?)?,"
            + "Transition(Date?,Days?=#,StorageClass)*,"
            + "NoncurrentVersionTransition(NoncurrentDays?=#,NewerNoncurrentVersions?=#,StorageClass)*,"
            + "NoncurrentVersionExpiration(NoncurrentDays?=#,NewerNoncurrentVersions?=#)?,"
            + "AbortIncompleteMultipartUpload(DaysAfterInitiation=#)?)"
    );

    public static async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var size = request.Header(SizeHeader) ?? Usual;
        if (size is not (Usual or "varies_by_storage_class"))
        {
            throw S3Errors.Argument("Invalid TransitionDefaultMinimumObjectSize found", SizeHeader, size);
        }

        var rules = request.Xml("LifecycleConfiguration").Only("Rule").Children("Rule").Select(Read).ToList();
        await request
            .Buckets.Change(bucket, current => (current with { Lifecycle = Checked(rules) }).With("lifecycle-size", size))
            .ConfigureAwait(false);
        return new RestAnswer { Headers = [(SizeHeader, size)] };
    }

    public static IReadOnlyList<LifecycleRule> Checked(IReadOnlyList<LifecycleRule> rules)
    {
        if (rules.Count is 0 or > 1000)
        {
            throw S3Errors.Malformed();
        }

        if (rules.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Count() != rules.Count)
        {
            throw S3Errors.Argument("Rule ID must be unique. Found same ID for more than one rule");
        }

        foreach (var rule in rules)
        {
            if (
                rule
                    is {
                        ExpirationDays: null,
                        ExpirationDate: null,
                        ExpiredObjectDeleteMarker: false,
                        NoncurrentDays: null,
                        AbortDays: null,
                    }
                && rule.Document?.Contains("Transition>", StringComparison.Ordinal) != true
            )
            {
                throw new AwsException("InvalidRequest", "At least one action needs to be specified in a rule.");
            }

            if (rule.ExpirationDays < 1 || rule.NoncurrentDays < 1 || rule.AbortDays < 1)
            {
                throw S3Errors.Argument("'Days' for Expiration action must be a positive integer");
            }
        }

        return rules;
    }

    public static Task<RestAnswer> Get(S3Request request)
    {
        var bucket = request.Bucket;
        var root = S3Xml.Element("LifecycleConfiguration");
        foreach (
            var rule in bucket.Lifecycle
                ?? throw S3Errors.With(
                    "NoSuchLifecycleConfiguration",
                    "The lifecycle configuration does not exist",
                    404,
                    ("BucketName", bucket.Name)
                )
        )
        {
            root.Add(
                rule.Document is { } document
                    ? XElement.Parse(document)
                    : S3Xml.Element(
                        "Rule",
                        S3Xml.Element("ID", rule.Id),
                        S3Xml.Element("Filter", S3Xml.Element("Prefix", rule.Prefix)),
                        S3Xml.Element("Status", rule.Enabled ? "Enabled" : "Disabled"),
                        rule.ExpirationDays is { } days ? S3Xml.Element("Expiration", S3Xml.Element("Days", days))
                            : rule.ExpiredObjectDeleteMarker ? S3Xml.Element("Expiration", S3Xml.Element("ExpiredObjectDeleteMarker", true))
                            : null,
                        rule.NoncurrentDays is { } noncurrent
                            ? S3Xml.Element(
                                "NoncurrentVersionExpiration",
                                S3Xml.Element("NoncurrentDays", noncurrent),
                                S3Xml.Optional("NewerNoncurrentVersions", rule.NewerNoncurrentVersions)
                            )
                            : null,
                        rule.AbortDays is { } abort
                            ? S3Xml.Element("AbortIncompleteMultipartUpload", S3Xml.Element("DaysAfterInitiation", abort))
                            : null
                    )
            );
        }

        return S3Xml.Answer(root, (SizeHeader, bucket.Configurations?.GetValueOrDefault("lifecycle-size") ?? Usual));
    }

    public static async Task<RestAnswer> Delete(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Lifecycle = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    /// <summary>The header that says when an object goes, and by which rule.</summary>
    public static IEnumerable<(string Name, string Value)> Described(Bucket bucket, ObjectVersion version, ObjectMeta meta)
    {
        var first = (bucket.Lifecycle ?? [])
            .Where(rule => rule.Enabled && version.IsLatest && rule.IsFor(version.Key, version.Size, meta))
            .Select(rule => (rule.Id, Expires: rule.Expires(version.Modified)))
            .Where(one => one.Expires is not null)
            .OrderBy(one => one.Expires)
            .FirstOrDefault();
        return first.Expires is { } time
            ? [("x-amz-expiration", $"expiry-date=\"{S3Xml.HttpTime(time)}\", rule-id=\"{Uri.EscapeDataString(first.Id)}\"")]
            : [];
    }

    private static LifecycleRule Read(XElement rule)
    {
        if (rule.Child("ID") is null)
        {
            rule.AddFirst(new XElement(rule.Name.Namespace + "ID", Guid.NewGuid().ToString()));
        }

        Form.Check(rule);
        var filter = rule.Child("Filter");
        var expiration = rule.Child("Expiration");
        var noncurrent = rule.Child("NoncurrentVersionExpiration");
        if (
            (filter is null) == (rule.Child("Prefix") is null)
            || filter?.Elements().Count() > 1
            || (expiration?.Child("ExpiredObjectDeleteMarker") is not null && expiration.Elements().Count() > 1)
            || noncurrent is { HasElements: false }
        )
        {
            throw S3Errors.Malformed();
        }

        var and = filter?.Child("And") ?? filter;
        var tags = and?.Children("Tag").ToDictionary(tag => tag.Text("Key") ?? "", tag => tag.Text("Value") ?? "", StringComparer.Ordinal);
        return new(
            rule.Text("ID")!,
            rule.Text("Status") == "Enabled",
            and?.Text("Prefix") ?? rule.Text("Prefix") ?? "",
            expiration?.Whole("Days"),
            expiration?.Flag("ExpiredObjectDeleteMarker") == true,
            noncurrent?.Whole("NoncurrentDays"),
            noncurrent?.Whole("NewerNoncurrentVersions"),
            rule.Child("AbortIncompleteMultipartUpload")?.Whole("DaysAfterInitiation")
        )
        {
            Document = BucketConfigurations.Text(rule),
            ExpirationDate = Midnight(expiration?.Text("Date")),
            Tags = tags is { Count: > 0 } ? tags : null,
            LargerThan = and?.Whole("ObjectSizeGreaterThan"),
            SmallerThan = and?.Whole("ObjectSizeLessThan"),
        };
    }

    private static DateTimeOffset? Midnight(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var date = GetObject.Time(text) ?? throw S3Errors.Malformed();
        return date.UtcDateTime.TimeOfDay == TimeSpan.Zero
            ? date
            : throw S3Errors.Argument("'Date' must be at midnight GMT", "Date", S3Xml.Time(date));
    }
}

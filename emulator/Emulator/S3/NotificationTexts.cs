using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>What destinations read: the record of an event, EventBridge's detail of it, and the test that precedes both.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html and ev-events.html; the members of each kind of
/// event as recorded on AWS in localstack's tests/aws/services/s3/test_s3_notifications_*.snapshot.json.
/// </remarks>
internal static class NotificationTexts
{
    private const string Own = "s3.amazonaws.com";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Record(PendingNotification pending)
    {
        var happened = pending.Event;
        return Json(json =>
        {
            json.WriteStartArray("Records");
            json.WriteStartObject();
            json.WriteString("eventVersion", Version(happened.Name));
            json.WriteString("eventSource", "aws:s3");
            json.WriteString("awsRegion", pending.Region);
            json.WriteString("eventTime", S3Xml.Time(happened.Time));
            json.WriteString("eventName", happened.Name);
            json.WriteStartObject("userIdentity");
            json.WriteString(
                "principalId",
                happened.Account is null ? $"AmazonCustomer:{CustomerId(pending.Account)}" : $"AWS:{happened.UserId}"
            );
            json.WriteEndObject();
            json.WriteStartObject("requestParameters");
            json.WriteString("sourceIPAddress", happened.Account is null ? Own : happened.SourceIp ?? Own);
            json.WriteEndObject();
            json.WriteStartObject("responseElements");
            json.WriteString("x-amz-request-id", happened.RequestId);
            json.WriteString("x-amz-id-2", happened.RequestId);
            json.WriteEndObject();
            json.WriteStartObject("s3");
            json.WriteString("s3SchemaVersion", "1.0");
            json.WriteString("configurationId", pending.ConfigurationId);
            json.WriteStartObject("bucket");
            json.WriteString("name", pending.Bucket);
            json.WriteStartObject("ownerIdentity");
            json.WriteString("principalId", CustomerId(pending.Account));
            json.WriteEndObject();
            json.WriteString("arn", BucketArn(pending));
            json.WriteEndObject();
            json.WriteStartObject("object");
            json.WriteString("key", Encoded(happened.Key));
            WriteObject(json, happened, "eTag", "versionId");
            json.WriteEndObject();
            json.WriteEndObject();
            if (happened.RestoredUntil is { } until)
            {
                json.WriteStartObject("glacierEventData");
                json.WriteStartObject("restoreEventData");
                json.WriteString("lifecycleRestorationExpiryTime", S3Xml.Time(until));
                json.WriteString("lifecycleRestoreStorageClass", happened.StorageClass);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    /// <summary>What a queue or topic gets when it becomes a destination.</summary>
    public static string Test(Bucket bucket, string requestId, DateTimeOffset now) =>
        Json(json =>
        {
            json.WriteString("Service", "Amazon S3");
            json.WriteString("Event", "s3:TestEvent");
            json.WriteString("Time", S3Xml.Time(now));
            json.WriteString("Bucket", bucket.Name);
            json.WriteString("RequestId", requestId);
            json.WriteString("HostId", requestId);
        });

    /// <summary>EventBridge's name of an event, and what it says of it; null for events that it does not get.</summary>
    public static (string Type, JsonElement Detail)? Detail(PendingNotification pending)
    {
        var happened = pending.Event;
        if (DetailType(happened.Name) is not { } type)
        {
            return null;
        }

        var text = Json(json =>
        {
            json.WriteString("version", "0");
            json.WriteStartObject("bucket");
            json.WriteString("name", pending.Bucket);
            json.WriteEndObject();
            json.WriteStartObject("object");
            json.WriteString("key", happened.Key);
            WriteObject(
                json,
                happened with
                {
                    // EventBridge does not order restorations, records do (recorded on AWS 13-07-2023).
                    Sequencer = happened.Name.StartsWith("ObjectRestore:", StringComparison.Ordinal) ? null : happened.Sequencer,
                },
                "etag",
                "version-id"
            );
            json.WriteEndObject();
            json.WriteString("request-id", happened.RequestId);
            json.WriteString("requester", happened.Account ?? Own);
            WriteOptional(json, "source-ip-address", happened.SourceIp);
            WriteOptional(json, "reason", Reason(happened.Name));
            WriteOptional(
                json,
                "deletion-type",
                type != "Object Deleted" ? null
                    : happened.Name.EndsWith(":Delete", StringComparison.Ordinal) ? "Permanently Deleted"
                    : "Delete Marker Created"
            );
            WriteOptional(
                json,
                "restore-expiry-time",
                happened.RestoredUntil?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            );
            WriteOptional(json, "source-storage-class", happened.StorageClass);
        });
        return (type, OwnJson.Parse(Encoding.UTF8.GetBytes(text)));
    }

    public static string BucketArn(PendingNotification pending) => $"arn:{Arn.Partition(pending.Region)}:s3:::{pending.Bucket}";

    /// <summary>Lifecycle, access control lists and tags came with a later version than the rest (recorded on AWS in 2023).</summary>
    private static string Version(string name) =>
        name.Split(':')[0] is "LifecycleExpiration" or "ObjectAcl" or "ObjectTagging" ? "2.3" : "2.1";

    private static string? DetailType(string name) =>
        name switch
        {
            "ObjectRestore:Post" => "Object Restore Initiated",
            "ObjectRestore:Completed" => "Object Restore Completed",
            "ObjectTagging:Put" => "Object Tags Added",
            "ObjectTagging:Delete" => "Object Tags Deleted",
            "ObjectAcl:Put" => "Object ACL Updated",
            _ when name.StartsWith("ObjectCreated:", StringComparison.Ordinal) => "Object Created",
            _ when name.StartsWith("ObjectRemoved:", StringComparison.Ordinal) => "Object Deleted",
            _ when name.StartsWith("LifecycleExpiration:", StringComparison.Ordinal) => "Object Deleted",
            _ => null,
        };

    private static string? Reason(string name) =>
        name switch
        {
            "ObjectCreated:Put" => "PutObject",
            "ObjectCreated:Post" => "POST Object",
            "ObjectCreated:Copy" => "CopyObject",
            "ObjectCreated:CompleteMultipartUpload" => "CompleteMultipartUpload",
            _ when name.StartsWith("ObjectRemoved:", StringComparison.Ordinal) => "DeleteObject",
            _ when name.StartsWith("LifecycleExpiration:", StringComparison.Ordinal) => "Lifecycle Expiration",
            _ => null,
        };

    private static void WriteObject(Utf8JsonWriter json, BucketEvent happened, string etag, string version)
    {
        if (happened.Size is { } size)
        {
            json.WriteNumber("size", size);
        }

        WriteOptional(json, etag, happened.ETag);
        WriteOptional(json, version, happened.VersionId);
        WriteOptional(json, "sequencer", happened.Sequencer);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>As a form's value is: a blank is a plus, a slash stays.</summary>
    private static string Encoded(string key) =>
        Uri.EscapeDataString(key).Replace("%20", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>An account's id as a customer of Amazon's: fourteen letters and digits.</summary>
    private static string CustomerId(string account) =>
        "A" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("customer " + account)))[..13];

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}

using System.Globalization;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Locks of objects: the bucket's configuration, retention and legal hold, and what they forbid.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html; the errors as recorded on AWS in localstack's tests/aws/services/s3.</remarks>
internal static class ObjectLocks
{
    private const string Bypass = "x-amz-bypass-governance-retention";

    /// <summary>Headers of those who write objects.</summary>
    public static readonly string[] Headers =
    [
        "x-amz-object-lock-mode=ObjectLockMode",
        "x-amz-object-lock-retain-until-date=ObjectLockRetainUntilDate",
        "x-amz-object-lock-legal-hold=ObjectLockLegalHoldStatus",
    ];

    private static readonly XmlShape ConfigurationForm = XmlShape.Parse(
        "ObjectLockConfiguration(ObjectLockEnabled=Enabled,Rule(DefaultRetention(Mode=GOVERNANCE|COMPLIANCE,Days?=#,Years?=#))?)"
    );

    public static async Task<RestAnswer> PutConfiguration(S3Request request)
    {
        var bucket = request.Bucket;
        if (bucket.Versioning != "Enabled")
        {
            throw new AwsException(
                "InvalidBucketState",
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
                409
            );
        }

        var document = Checked(request.Xml(ConfigurationForm.Root));
        await request
            .Buckets.Change(bucket, current => current.With("object-lock", document) with { ObjectLock = true })
            .ConfigureAwait(false);
        return new RestAnswer();
    }

    /// <exception cref="AwsException">MalformedXML.</exception>
    public static string Checked(XElement document)
    {
        ConfigurationForm.Check(document);
        return document.Child("Rule")?.Child("DefaultRetention") is { } rule && rule.Child("Days") is null == rule.Child("Years") is null
            ? throw S3Errors.Malformed()
            : BucketConfigurations.Text(document);
    }

    public static Task<RestAnswer> GetConfiguration(S3Request request)
    {
        var bucket = request.Bucket;
        return S3Xml.Answer(
            bucket.Configurations?.GetValueOrDefault("object-lock") is { } text ? XElement.Parse(text)
            : bucket.ObjectLock ? S3Xml.Element("ObjectLockConfiguration", S3Xml.Element("ObjectLockEnabled", "Enabled"))
            : throw S3Errors.With(
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket",
                404,
                ("BucketName", bucket.Name)
            )
        );
    }

    public static async Task<RestAnswer> PutRetention(S3Request request)
    {
        var bucket = Locking(request);
        var document = request.Xml("Retention");
        var asked = (Mode: document.Text("Mode"), Until: document.Text("RetainUntilDate"));
        if (
            asked is { Mode: null, Until: not null } or { Mode: not null, Until: null }
            || asked.Mode is not (null or "GOVERNANCE" or "COMPLIANCE")
        )
        {
            throw S3Errors.Malformed();
        }

        var wanted = asked.Mode is null ? null : new ObjectRetention(asked.Mode, Future(request, asked.Until!));
        var version = await request
            .Buckets.Database.Write(transaction =>
            {
                var found = GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), "PUT");
                var meta = found.Meta;
                if (
                    meta.Retention is { } held
                    && held.Until > request.Buckets.Clock.GetUtcNow()
                    && (wanted is null || wanted.Until < held.Until || (held.Mode == "COMPLIANCE" && wanted.Mode != "COMPLIANCE"))
                    && (held.Mode == "COMPLIANCE" || request.Header(Bypass) != "true")
                )
                {
                    throw Protected();
                }

                Versions.SetMeta(transaction, found, meta with { Retention = wanted });
                return found;
            })
            .ConfigureAwait(false);
        return new RestAnswer { Headers = Tagging.VersionHeader(bucket, version) };
    }

    public static Task<RestAnswer> GetRetention(S3Request request)
    {
        var meta = Found(request);
        return S3Xml.Answer(
            meta.Retention is { } held
                ? S3Xml.Element("Retention", S3Xml.Element("Mode", held.Mode), S3Xml.Element("RetainUntilDate", S3Xml.Time(held.Until)))
                : throw NoConfiguration()
        );
    }

    public static async Task<RestAnswer> PutLegalHold(S3Request request)
    {
        var bucket = Locking(request);
        var status = request.Xml("LegalHold").Text("Status");
        if (status is not ("ON" or "OFF"))
        {
            throw S3Errors.Malformed();
        }

        var version = await request
            .Buckets.Database.Write(transaction =>
            {
                var found = GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), "PUT");
                Versions.SetMeta(transaction, found, found.Meta with { LegalHold = status });
                return found;
            })
            .ConfigureAwait(false);
        return new RestAnswer { Headers = Tagging.VersionHeader(bucket, version) };
    }

    public static Task<RestAnswer> GetLegalHold(S3Request request)
    {
        var meta = Found(request);
        return S3Xml.Answer(
            meta.LegalHold is { } status ? S3Xml.Element("LegalHold", S3Xml.Element("Status", status)) : throw NoConfiguration()
        );
    }

    /// <summary>With the locks that a request asks for what it writes, or the bucket's own.</summary>
    public static ObjectMeta With(ObjectMeta meta, S3Request request, Bucket bucket)
    {
        var mode = request.Header("x-amz-object-lock-mode");
        var until = request.Header("x-amz-object-lock-retain-until-date");
        var hold = request.Header("x-amz-object-lock-legal-hold");
        if (!bucket.ObjectLock)
        {
            return mode is null && until is null && hold is null ? meta : throw NoLock();
        }

        if (mode is null != until is null)
        {
            throw S3Errors.Argument(
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                mode is null ? "x-amz-object-lock-mode" : "x-amz-object-lock-retain-until-date",
                ""
            );
        }

        if (mode is not (null or "GOVERNANCE" or "COMPLIANCE"))
        {
            throw S3Errors.Argument("Unknown wormMode directive.", "x-amz-object-lock-mode", mode);
        }

        if (hold is not (null or "ON" or "OFF"))
        {
            throw S3Errors.Argument("Legal Hold must be either of 'ON' or 'OFF'", "x-amz-object-lock-legal-hold", hold);
        }

        return meta with
        {
            LegalHold = hold,
            Retention = mode is not null ? new(mode, Future(request, until!)) : Default(request, bucket),
        };
    }

    public static IEnumerable<(string Name, string Value)> Described(ObjectMeta meta)
    {
        if (meta.Retention is { } held)
        {
            yield return ("x-amz-object-lock-mode", held.Mode);
            yield return ("x-amz-object-lock-retain-until-date", S3Xml.Time(held.Until));
        }

        if (meta.LegalHold is { } hold)
        {
            yield return ("x-amz-object-lock-legal-hold", hold);
        }
    }

    /// <exception cref="AwsException">InvalidArgument: the header is for buckets with locks.</exception>
    public static void CheckBypass(S3Request request, Bucket bucket)
    {
        if (request.Header(Bypass) is not null && !bucket.ObjectLock)
        {
            throw S3Errors.With(
                "InvalidArgument",
                $"{Bypass} is only applicable to Object Lock enabled buckets.",
                400,
                ("ArgumentName", Bypass)
            );
        }
    }

    /// <exception cref="AwsException">AccessDenied: the version is locked.</exception>
    public static void CheckFree(S3Request request, ObjectVersion version)
    {
        if (version.IsMarker)
        {
            return;
        }

        var meta = version.Meta;
        if (
            meta.LegalHold == "ON"
            || (
                meta.Retention is { } held
                && held.Until > request.Buckets.Clock.GetUtcNow()
                && (held.Mode == "COMPLIANCE" || request.Header(Bypass) != "true")
            )
        )
        {
            throw Protected();
        }
    }

    private static ObjectRetention? Default(S3Request request, Bucket bucket)
    {
        if (bucket.Configurations?.GetValueOrDefault("object-lock") is not { } text || XElement.Parse(text).Child("Rule") is not { } rule)
        {
            return null;
        }

        var retention = rule.Child("DefaultRetention")!;
        var now = request.Buckets.Clock.GetUtcNow();
        return new(
            retention.Text("Mode")!,
            retention.Whole("Days") is { } days ? now.AddDays(days) : now.AddYears(retention.Whole("Years") ?? 0)
        );
    }

    private static DateTimeOffset Future(S3Request request, string text)
    {
        var until = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw S3Errors.Malformed();
        return until > request.Buckets.Clock.GetUtcNow()
            ? until
            : throw S3Errors.With(
                "InvalidArgument",
                "The retain until date must be in the future!",
                400,
                ("ArgumentName", "RetainUntilDate"),
                ("ArgumentValue", text)
            );
    }

    private static Bucket Locking(S3Request request) => request.Bucket is { ObjectLock: true } bucket ? bucket : throw NoLock();

    private static ObjectMeta Found(S3Request request)
    {
        var bucket = Locking(request);
        return request.Buckets.Database.Read(transaction =>
            GetObject.Find(transaction, bucket, request.Key, request.Query("versionId")).Meta
        );
    }

    private static AwsException NoLock() => new("InvalidRequest", "Bucket is missing Object Lock Configuration");

    private static AwsException NoConfiguration() =>
        new("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", 404);

    private static AwsException Protected() => new("AccessDenied", "Access Denied because object protected by object lock.", 403);
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.S3;

/// <summary>S3's errors, in its words (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).</summary>
internal static class S3Errors
{
    public static AwsException NoBucket(string bucket) =>
        With("NoSuchBucket", "The specified bucket does not exist", 404, ("BucketName", bucket));

    public static AwsException NoKey(string key) => With("NoSuchKey", "The specified key does not exist.", 404, ("Key", key));

    public static AwsException NoKeyBehindMarker(string key, string version) =>
        With(
            "NoSuchKey",
            "The specified key does not exist.",
            404,
            ("Key", key),
            ("x-amz-delete-marker", "true"),
            ("x-amz-version-id", version)
        );

    public static AwsException IsMarker(string version, string method) =>
        With(
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
            405,
            ("Method", method),
            ("ResourceType", "DeleteMarker"),
            ("allow", "DELETE"),
            ("x-amz-delete-marker", "true"),
            ("x-amz-version-id", version)
        );

    public static AwsException NoVersion(string key, string version) =>
        With("NoSuchVersion", "The specified version does not exist.", 404, ("Key", key), ("VersionId", version));

    public static AwsException NoUpload(string upload) =>
        With(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
            404,
            ("UploadId", upload)
        );

    public static AwsException Owned(string bucket) =>
        With(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            409,
            ("BucketName", bucket)
        );

    public static AwsException Taken(string bucket) =>
        With(
            "BucketAlreadyExists",
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
            409,
            ("BucketName", bucket)
        );

    public static AwsException NotEmpty(string bucket, bool versioned) =>
        With(
            "BucketNotEmpty",
            versioned
                ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
                : "The bucket you tried to delete is not empty",
            409,
            ("BucketName", bucket)
        );

    public static AwsException InvalidName(string bucket) =>
        With("InvalidBucketName", "The specified bucket is not valid.", 400, ("BucketName", bucket));

    public static AwsException Denied() => new("AccessDenied", "Access Denied", 403);

    public static AwsException Precondition(string condition) =>
        With("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, ("Condition", condition));

    /// <summary>What AWS itself does not do.</summary>
    public static AwsException UnknownCondition(string header, string more) =>
        With(
            "NotImplemented",
            "A header you provided implies functionality that is not implemented",
            501,
            ("Header", header),
            ("additionalMessage", more)
        );

    public static AwsException Conflict(string condition, string key) =>
        With(
            "ConditionalRequestConflict",
            "The conditional request cannot succeed due to a conflicting operation against this resource.",
            409,
            ("Condition", condition),
            ("Key", key)
        );

    public static AwsException Range(string range, long size) =>
        With(
            "InvalidRange",
            "The requested range is not satisfiable",
            416,
            ("RangeRequested", range),
            ("ActualObjectSize", size.ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    public static AwsException Argument(string message, string name = "", string value = "") =>
        name.Length == 0
            ? new("InvalidArgument", message)
            : With("InvalidArgument", message, 400, ("ArgumentName", name), ("ArgumentValue", value));

    /// <summary>Without the argument's value, unlike others (recorded on AWS).</summary>
    public static AwsException ContinuationToken() =>
        With("InvalidArgument", "The continuation token provided is incorrect", 400, ("ArgumentName", "continuation-token"));

    public static AwsException Malformed() =>
        new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static AwsException BadDigest(string what) =>
        new("BadDigest", $"The {what} you specified did not match the calculated checksum.");

    public static AwsException BadMd5(string expected, string calculated) =>
        With(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            400,
            ("ExpectedDigest", expected),
            ("CalculatedDigest", calculated)
        );

    public static AwsException Tag(string message, string key) => With("InvalidTag", message, 400, ("TagKey", key));

    public static AwsException WrongRegion(string asked, string actual) =>
        With(
            "AuthorizationHeaderMalformed",
            $"The authorization header is malformed; the region '{asked}' is wrong; expecting '{actual}'",
            400,
            ("Region", actual),
            ("x-amz-bucket-region", actual)
        );

    public static AwsException With(string code, string message, int status, params ReadOnlySpan<(string Name, string Value)> details)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            members[name] = value;
        }

        return new(code, message, status) { Details = JsonSerializer.SerializeToElement(members, AwsJson.Default.DictionaryStringString) };
    }
}

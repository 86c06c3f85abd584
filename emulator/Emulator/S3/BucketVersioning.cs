using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketVersioning and GetBucketVersioning. MFA delete is refused.</summary>
internal static class BucketVersioning
{
    public static async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var status =
            request.Xml("VersioningConfiguration").Only("Status").Text("Status")
            ?? throw new AwsException("IllegalVersioningConfigurationException", "The Versioning element must be specified");
        await request.Buckets.Change(bucket, current => Changed(current, Checked(status))).ConfigureAwait(false);
        return new RestAnswer();
    }

    private static Bucket Changed(Bucket bucket, string status) =>
        bucket.ObjectLock && status != "Enabled"
            ? throw new AwsException(
                "InvalidBucketState",
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
                409
            )
            : bucket with
            {
                Versioning = status,
            };

    public static string Checked(string? status) => status is "Enabled" or "Suspended" ? status : throw S3Errors.Malformed();

    public static Task<RestAnswer> Get(S3Request request) =>
        S3Xml.Answer(S3Xml.Element("VersioningConfiguration", S3Xml.Optional("Status", request.Bucket.Versioning)));
}

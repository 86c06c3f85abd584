using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketVersioning and GetBucketVersioning. MFA delete is refused.</summary>
internal static class BucketVersioning
{
    public static async Task<RestAnswer> Put(S3Request request)
    {
        var status =
            request.Xml("VersioningConfiguration").Only("Status").Text("Status")
            ?? throw new AwsException("IllegalVersioningConfigurationException", "The Versioning element must be specified");
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Versioning = Checked(status) }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static string Checked(string? status) => status is "Enabled" or "Suspended" ? status : throw S3Errors.Malformed();

    public static Task<RestAnswer> Get(S3Request request) =>
        S3Xml.Answer(S3Xml.Element("VersioningConfiguration", S3Xml.Optional("Status", request.Bucket.Versioning)));
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketEncryption, GetBucketEncryption and DeleteBucketEncryption.</summary>
internal static class BucketEncryptions
{
    public static async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var rules = request.Xml("ServerSideEncryptionConfiguration").Only("Rule").Children("Rule").ToList();
        if (
            rules is not [var rule]
            || rule.Only("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled").Child("ApplyServerSideEncryptionByDefault")
                is not { } byDefault
        )
        {
            throw S3Errors.Malformed();
        }

        byDefault.Only("SSEAlgorithm", "KMSMasterKeyID");
        var wanted = Checked(byDefault.Text("SSEAlgorithm"), byDefault.Text("KMSMasterKeyID"), rule.Flag("BucketKeyEnabled"));
        await request.Buckets.Change(bucket, current => current with { Encryption = wanted }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static BucketEncryption Checked(string? algorithm, string? key, bool bucketKey) =>
        algorithm switch
        {
            "AES256" when key is not null => throw S3Errors.With(
                "InvalidArgument",
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                400,
                ("ArgumentName", "ApplyServerSideEncryptionByDefault")
            ),
            "AES256" => new(algorithm, null, bucketKey),
            "aws:kms" => new(algorithm, key, bucketKey),
            "aws:kms:dsse" => throw AwsException.NotImplemented("the encryption aws:kms:dsse of s3"),
            _ => throw S3Errors.Malformed(),
        };

    public static Task<RestAnswer> Get(S3Request request)
    {
        var encryption = request.Bucket.Encryption;
        return S3Xml.Answer(
            S3Xml.Element(
                "ServerSideEncryptionConfiguration",
                S3Xml.Element(
                    "Rule",
                    S3Xml.Element(
                        "ApplyServerSideEncryptionByDefault",
                        S3Xml.Element("SSEAlgorithm", encryption.Algorithm),
                        S3Xml.Optional("KMSMasterKeyID", encryption.KmsKey)
                    ),
                    S3Xml.Element("BucketKeyEnabled", encryption.BucketKeyEnabled)
                )
            )
        );
    }

    /// <summary>Back to S3's own key: no object is ever unencrypted.</summary>
    public static async Task<RestAnswer> Delete(S3Request request)
    {
        await request
            .Buckets.Change(request.Bucket, bucket => bucket with { Encryption = BucketEncryption.S3Managed })
            .ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }
}

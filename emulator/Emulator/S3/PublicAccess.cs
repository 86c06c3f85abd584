using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The public access block and object ownership of a bucket: Put, Get and Delete of each.</summary>
internal static class PublicAccess
{
    public static async Task<RestAnswer> PutBlock(S3Request request)
    {
        var bucket = request.Bucket;
        var xml = request
            .Xml("PublicAccessBlockConfiguration")
            .Only("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");
        var block = new PublicAccessBlock(
            xml.Flag("BlockPublicAcls"),
            xml.Flag("IgnorePublicAcls"),
            xml.Flag("BlockPublicPolicy"),
            xml.Flag("RestrictPublicBuckets")
        );
        await request.Buckets.Change(bucket, current => current with { PublicAccessBlock = block }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static Task<RestAnswer> GetBlock(S3Request request)
    {
        var bucket = request.Bucket;
        var block =
            bucket.PublicAccessBlock
            ?? throw S3Errors.With(
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found",
                404,
                ("BucketName", bucket.Name)
            );
        return S3Xml.Answer(
            S3Xml.Element(
                "PublicAccessBlockConfiguration",
                S3Xml.Element("BlockPublicAcls", block.BlockPublicAcls),
                S3Xml.Element("IgnorePublicAcls", block.IgnorePublicAcls),
                S3Xml.Element("BlockPublicPolicy", block.BlockPublicPolicy),
                S3Xml.Element("RestrictPublicBuckets", block.RestrictPublicBuckets)
            )
        );
    }

    public static async Task<RestAnswer> DeleteBlock(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { PublicAccessBlock = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public static async Task<RestAnswer> PutOwnership(S3Request request)
    {
        var bucket = request.Bucket;
        var ownership = Checked(
            request.Xml("OwnershipControls").Children("Rule").ToList() is [var rule] ? rule.Text("ObjectOwnership") : null
        );
        await request.Buckets.Change(bucket, current => current with { ObjectOwnership = ownership }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static string Checked(string? ownership) =>
        ownership is "BucketOwnerEnforced" or "BucketOwnerPreferred" or "ObjectWriter" ? ownership : throw S3Errors.Malformed();

    public static Task<RestAnswer> GetOwnership(S3Request request)
    {
        var bucket = request.Bucket;
        return S3Xml.Answer(
            S3Xml.Element(
                "OwnershipControls",
                S3Xml.Element(
                    "Rule",
                    S3Xml.Element(
                        "ObjectOwnership",
                        bucket.ObjectOwnership
                            ?? throw S3Errors.With(
                                "OwnershipControlsNotFoundError",
                                "The bucket ownership controls were not found",
                                404,
                                ("BucketName", bucket.Name)
                            )
                    )
                )
            )
        );
    }

    public static async Task<RestAnswer> DeleteOwnership(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { ObjectOwnership = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }
}

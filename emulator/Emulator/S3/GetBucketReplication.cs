using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The replication of a bucket: there is none, for it cannot be set here. Deleting it is as empty.</summary>
internal static class GetBucketReplication
{
    public static Task<RestAnswer> Run(S3Request request) =>
        throw S3Errors.With(
            "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found",
            404,
            ("BucketName", request.Bucket.Name)
        );
}

using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Drops an upload and its parts.</summary>
internal static class AbortMultipartUpload
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        await request
            .Buckets.Database.Write(transaction =>
                Uploads.Remove(
                    transaction,
                    Uploads.Find(transaction, bucket.Name, request.Key, request.Query("uploadId")!),
                    keepBody: false
                )
            )
            .ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }
}

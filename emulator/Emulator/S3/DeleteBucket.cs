using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Deletes an empty bucket.</summary>
internal static class DeleteBucket
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        await request.Buckets.Database.Write(transaction => request.Buckets.Delete(transaction, bucket)).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }
}

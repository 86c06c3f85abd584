using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Deletes up to a thousand objects, each by itself.</summary>
internal static class DeleteObjects
{
    private const int Most = 1000;

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        ObjectLocks.CheckBypass(request, bucket);
        var body = request.Xml("Delete").Only("Object", "Quiet");
        var objects = body.Children("Object")
            .Select(item =>
                (
                    Key: item.Only("Key", "VersionId", "ETag").Text("Key") ?? throw S3Errors.Malformed(),
                    Version: item.Text("VersionId"),
                    ETag: item.Text("ETag")
                )
            )
            .ToList();
        if (objects.Count is 0 or > Most)
        {
            throw S3Errors.Malformed();
        }

        var root = S3Xml.Element("DeleteResult");
        await request
            .Buckets.Database.Write(transaction =>
            {
                foreach (var (key, version, etag) in objects)
                {
                    root.Add(DeleteOne(transaction, request, bucket, key, version, etag, quiet: body.Flag("Quiet")));
                }
            })
            .ConfigureAwait(false);
        return await S3Xml.Answer(root).ConfigureAwait(false);
    }

    private static XElement? DeleteOne(
        Transaction transaction,
        S3Request request,
        Bucket bucket,
        string key,
        string? version,
        string? etag,
        bool quiet
    )
    {
        try
        {
            DeleteObject.CheckMatch(transaction, bucket, key, version, etag);
            if (DeleteObject.IsInvented(transaction, bucket, key, version))
            {
                throw S3Errors.NoVersion(key, version);
            }

            var (id, isMarker) = DeleteObject.Delete(
                transaction,
                request.Buckets,
                bucket,
                key,
                version,
                request.Caller,
                found => ObjectLocks.CheckFree(request, found)
            );
            return quiet
                ? null
                : S3Xml.Element(
                    "Deleted",
                    S3Xml.Element("Key", key),
                    S3Xml.Optional("VersionId", version),
                    isMarker ? S3Xml.Element("DeleteMarker", true) : null,
                    isMarker ? S3Xml.Element("DeleteMarkerVersionId", id) : null
                );
        }
        catch (AwsException failure)
        {
            return S3Xml.Element(
                "Error",
                S3Xml.Element("Key", key),
                S3Xml.Optional("VersionId", version),
                S3Xml.Element("Code", failure.Code),
                S3Xml.Element("Message", failure.Message)
            );
        }
    }
}

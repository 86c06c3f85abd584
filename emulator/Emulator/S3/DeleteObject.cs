using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Deletes an object, or hides it behind a marker where there is versioning: DeleteObject and DeleteObjects.</summary>
internal static class DeleteObject
{
    private const int Most = 1000;

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var deleted = await request.Buckets.Database.Write(transaction => Delete(transaction, request.Buckets, bucket, request.Key, request.Query("versionId"))).ConfigureAwait(false);
        var headers = new List<(string, string)>();
        if (deleted.IsMarker)
        {
            headers.Add(("x-amz-delete-marker", "true"));
        }

        if (deleted.VersionId is { } id)
        {
            headers.Add(("x-amz-version-id", id));
        }

        return new RestAnswer { Status = 204, Headers = headers };
    }

    public static async Task<RestAnswer> RunMany(S3Request request)
    {
        var bucket = request.Bucket;
        var body = request.Xml("Delete").Only("Object", "Quiet");
        var objects = body.Children("Object").Select(item => (Key: item.Only("Key", "VersionId").Text("Key") ?? throw S3Errors.Malformed(), Version: item.Text("VersionId"))).ToList();
        if (objects.Count is 0 or > Most)
        {
            throw S3Errors.Malformed();
        }

        var root = S3Xml.Element("DeleteResult");
        await request.Buckets.Database.Write(transaction =>
        {
            foreach (var (key, version) in objects)
            {
                root.Add(DeleteOne(transaction, request, bucket, key, version, quiet: body.Flag("Quiet")));
            }
        }).ConfigureAwait(false);
        return await S3Xml.Answer(root).ConfigureAwait(false);
    }

    /// <summary>What happened: the marker that was made or removed, the version that was.</summary>
    public static (string? VersionId, bool IsMarker) Delete(Transaction transaction, Buckets buckets, Bucket bucket, string key, string? versionId)
    {
        var now = buckets.Find(transaction, bucket);
        if (versionId is not null)
        {
            var found = Versions.Find(transaction, bucket.Name, key, versionId);
            if (found is not null)
            {
                Versions.Remove(transaction, found);
            }

            return (versionId, found?.IsMarker == true);
        }

        if (now.Versioning is null)
        {
            if (Versions.Latest(transaction, bucket.Name, key) is { } only)
            {
                Versions.Remove(transaction, only);
            }

            return (null, false);
        }

        var marker = Versions.Add(transaction, now, new(bucket.Name, key, 0, "", true, true, 0, "", buckets.Clock.GetUtcNow(), null, 0, null));
        return (marker.VersionId, true);
    }

    private static XElement? DeleteOne(Transaction transaction, S3Request request, Bucket bucket, string key, string? version, bool quiet)
    {
        try
        {
            var (id, isMarker) = Delete(transaction, request.Buckets, bucket, key, version);
            return quiet ? null : S3Xml.Element("Deleted", S3Xml.Element("Key", key), S3Xml.Optional("VersionId", version), isMarker ? S3Xml.Element("DeleteMarker", true) : null,
                isMarker ? S3Xml.Element("DeleteMarkerVersionId", id) : null);
        }
        catch (AwsException failure)
        {
            return S3Xml.Element("Error", S3Xml.Element("Key", key), S3Xml.Optional("VersionId", version), S3Xml.Element("Code", failure.Code), S3Xml.Element("Message", failure.Message));
        }
    }
}
